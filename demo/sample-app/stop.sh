#!/usr/bin/env bash
# Stops the running instance of the sample application, whichever version it is. Does nothing when none runs.
# The pid file lies beside the version folders: it outlives each of them.
set -u

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
pid_file="$(dirname "$here")/sample-web.pid"

running() {
  # A pid file may be old and its number given to another program since: look at what runs there.
  kill -0 "$1" 2>/dev/null && ps -ww -p "$1" -o args= 2>/dev/null | grep -qF "app.py --pid-file $pid_file"
}

[ -f "$pid_file" ] || exit 0
pid="$(cat "$pid_file")"
case "$pid" in '' | *[!0-9]*) rm -f "$pid_file"; exit 0 ;; esac

if running "$pid"; then
  echo "Stopping the running instance (process $pid)."
  kill "$pid" 2>/dev/null
  for _ in $(seq 100); do
    running "$pid" || break
    sleep 0.1
  done
  if running "$pid"; then
    echo "It did not stop within 10 seconds and is killed."
    kill -9 "$pid" 2>/dev/null
  fi
fi
rm -f "$pid_file"
