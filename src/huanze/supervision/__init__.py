"""Floor 6: prompt, warn, supervise, circulate, interview. Not furnished yet."""
