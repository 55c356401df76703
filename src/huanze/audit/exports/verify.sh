#!/bin/sh
# Check an exported audit chain with openssl, awk, sed and sh: sh verify.sh [DIR]
# 检查导出的审计链，只用 openssl、awk、sed 与 sh：sh verify.sh [目录]
# Each entry's line, without its line feed, is written to a file of its own; openssl takes SM3 of many
# such files at a time; awk compares the results with the recorded hashes and follows "prev" and "seq".
set -eu
LC_ALL=C
export LC_ALL
BATCH=2000
cd "${1:-$(dirname "$0")}"
[ -f heads.txt ] || { echo "没有 heads.txt：请确认目录是完整的审计链导出。" >&2; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

seq=0
prev=0000000000000000000000000000000000000000000000000000000000000000
end=$(awk '$1 == "head" { print $2 }' heads.txt)
echo "$seq $prev" > "$tmp/state"

for part in chain-*.jsonl; do
  [ -f "$part" ] || continue
  sums=${part%.jsonl}.sm3
  [ -f "$sums" ] || { echo "审计链在第$((seq + 1))条断开：缺少 $sums。" >&2; exit 1; }
  total=$(awk 'END { print NR }' "$part")
  from=1
  while [ "$from" -le "$total" ]; do
    to=$((from + BATCH - 1))
    rm -rf "$tmp/lines"
    mkdir "$tmp/lines"
    sed -n "${from},${to}p" "$part" > "$tmp/batch"
    sed -n "${from},${to}p" "$sums" > "$tmp/recorded"
    awk -v dir="$tmp/lines" 'BEGIN { ORS = "" } { f = sprintf("%s/%06d", dir, NR); print $0 > f; close(f) }' "$tmp/batch"
    (cd "$tmp/lines" && ls | xargs openssl dgst -sm3 -r) > "$tmp/computed"
    awk -v seq="$seq" -v prev="$prev" -v end="$end" -v computed="$tmp/computed" -v recorded="$tmp/recorded" \
        -v heads=heads.txt -v state="$tmp/state" '
      function broken(n, why) { print "审计链在第" n "条断开：" why > "/dev/stderr"; failed = 1; exit 1 }
      BEGIN { while ((getline row < heads) > 0) { split(row, h, " "); at[h[2]] = at[h[2]] " " h[3] } }
      {
        n = seq + 1
        if ((getline c < computed) <= 0) broken(n, "无法计算杂凑值。")
        if ((getline r < recorded) <= 0) r = ""
        if (!match($0, /,"seq":[0-9]+}$/)) broken(n, "不是一条审计记录。")
        named = substr($0, RSTART + 7, RLENGTH - 8) + 0
        if (named > n) broken(n, "缺失，其后是第" named "条。")
        if (substr(c, 1, 64) != r) broken(n, "内容与其杂凑值不符：内容或杂凑值被改动。")
        if (named < n) broken(n, "次序被调换或有多出的记录。")
        tail = ",\"prev\":\"" prev "\",\"seq\":" n "}"
        if (substr($0, length($0) - length(tail) + 1) != tail) {
          if (n == 1) broken(1, "首条被整条改写。")
          broken(n - 1, "其杂凑值与第" n "条所记的不符：第" (n - 1) "条被整条改写。")
        }
        if (n > end) broken(n, "链的末端在第" end "条，其后却还有记录。")
        if (n in at) { k = split(at[n], h, " "); for (i = 1; i <= k; i++) if (h[i] != r) broken(n, "与 heads.txt 所记的不符：此条或此前的记录被整段改写。") }
        seq = n; prev = r
      }
      END { if (failed) exit 1; print seq, prev > state }' "$tmp/batch"
    read -r seq prev < "$tmp/state"
    from=$((to + 1))
  done
done

far=$(awk '$2 > most { most = $2 } END { print most + 0 }' heads.txt)
if [ "$far" -gt "$seq" ]; then
  echo "审计链在第$((seq + 1))条断开：链到第${seq}条为止，heads.txt 却记到第${far}条，第$((seq + 1))条起缺失。" >&2
  exit 1
fi
[ -n "$end" ] && [ "$end" = "$seq" ] || { echo "heads.txt 没有末行 head，或与链的末端不符。" >&2; exit 1; }
echo "审计链完整：共${seq}条，末端杂凑值 ${prev}。"
