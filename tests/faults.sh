#!/usr/bin/env bash
# Faults that need a file system of their own: power cuts (an ext4 image, copied while the program thinks that all is
# well) and a full disk (a tmpfs of 64 KiB). Needs root and mount; says so and skips without.
#   tests/faults.sh [path of sdprep]
set -euo pipefail
sdprep=$(realpath "${1:-target/debug/sdprep}")
dir=$(mktemp -d /tmp/sdprep-faults.XXXXXX)
export HOME=$dir
cleanup() {
  umount "$dir/disk" "$dir/after" "$dir/small" 2>/dev/null || true
  rm -rf "$dir"
}
trap cleanup EXIT
mkdir "$dir/disk" "$dir/after" "$dir/small"

if [ "$(id -u)" != 0 ] || ! mount -t tmpfs -o size=64k none "$dir/small" 2>/dev/null; then
  echo "faults: skipped: needs root and mount"
  exit 0
fi

echo "disk full: a tmpfs of 64 KiB"
head -c 53248 /dev/zero > "$dir/small/ballast"
saved=0
refused=0
for n in $(seq 400); do
  lesson=$([ $((n % 2)) = 0 ] && echo unread || echo read)
  if "$sdprep" --data-dir "$dir/small" mark 17 "$lesson" >"$dir/out" 2>"$dir/err"; then
    grep -q already "$dir/out" || saved=$((saved + 1)) # after a refusal there may be nothing to change
  else
    status=$?
    [ $status = 3 ] || { echo "exit $status instead of 3"; cat "$dir/err"; exit 1; }
    grep -q "disk full" "$dir/err" || { echo "no word of the disk:"; cat "$dir/err"; exit 1; }
    refused=$((refused + 1))
    [ $refused = 3 ] && break
  fi
done
[ $refused = 3 ] || { echo "the disk never filled"; exit 1; }
rm "$dir/small/ballast"
"$sdprep" --data-dir "$dir/small" mark 25 read >/dev/null
events=$("$sdprep" --data-dir "$dir/small" doctor | sed -n 's/^ *\([0-9]*\) events$/\1/p')
[ "$events" -ge $((saved + 1)) ] || { echo "$events events of $((saved + 1))"; exit 1; }
echo "  $saved events saved, then exit 3; with room again $events events: none lost"

echo "power: 20 cuts of an ext4 image"
truncate -s 16M "$dir/image"
mkfs.ext4 -q "$dir/image"
mount -o loop "$dir/image" "$dir/disk" 2>/dev/null || { echo "  skipped: no loop devices here"; exit 0; }
for n in $(seq 20); do
  lesson=$([ $((n % 2)) = 0 ] && echo unread || echo read)
  "$sdprep" --data-dir "$dir/disk" mark 17 "$lesson" >/dev/null 2>&1
  cp "$dir/image" "$dir/cut" # what the disk had at this moment; nothing is flushed for it
  mount -o loop "$dir/cut" "$dir/after"
  events=$(grep -c '"e":"mark"' "$dir/after/system-design-interview-prep.jsonl" || true)
  umount "$dir/after"
  [ "$events" = "$n" ] || { echo "cut $n: $events of $n acknowledged events"; exit 1; }
done
echo "  20 cuts, none lost"
