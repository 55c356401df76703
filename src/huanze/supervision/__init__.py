"""Floor 5: prompt, warn, supervise, circulate, interview. Not furnished yet."""
