#!/usr/bin/env bash
# Makes the rogues that are no library: what the host must say about each stands in rogues.json.
#
#   make_files.sh SOUND-LIBRARY DIR
set -euo pipefail

sound=$1
cd "$2"
rm -rf truncated.so other_machine.so empty.so directory.so fifo.so world_writable.so text_file.so

head --bytes 1000 "$sound" > truncated.so
cp "$sound" other_machine.so
printf '\xb7' | dd of=other_machine.so bs=1 seek=18 conv=notrunc status=none # e_machine: AArch64
: > empty.so
mkdir directory.so
mkfifo fifo.so
cp "$sound" world_writable.so
chmod 0666 world_writable.so
echo 'This is not a library.' > text_file.so
chmod 0644 text_file.so empty.so truncated.so other_machine.so
