# Replaces the running instance by the version just installed and waits until that one answers.
set -u

version="$(get_octopusvariable Octopus.Action.Package.PackageVersion)"
port="$(get_octopusvariable Port)"
pid_file="$(dirname "$PWD")/sample-web.pid"
log="$PWD/web.log"
wait_seconds=20

case "$port" in
  '' | *[!0-9]*) fail_step "The variable Port must be a number for this environment, but it is \"$port\"." ;;
esac

give_up() {
  write_warning "The last lines of the application's log, $log:"
  tail -n 20 "$log"
  fail_step "$1"
}

# Who answers at the health address: "<process> <version>", or nothing.
answering() {
  python3 - "$port" <<'PYTHON' 2>/dev/null
import json, sys, urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
with opener.open("http://127.0.0.1:%s/health" % sys.argv[1], timeout=2) as answer:
    health = json.load(answer)
print(health["process"], health["version"])
PYTHON
}

bash ./stop.sh

# A session of its own and no open pipe: the application outlives this script and the agent that runs it.
detach=nohup
if command -v setsid >/dev/null; then detach="setsid nohup"; fi
$detach python3 app.py --pid-file "$pid_file" >"$log" 2>&1 </dev/null &
started=$!
write_verbose "Started version $version as process $started."

deadline=$((SECONDS + wait_seconds))
while true; do
  if ! kill -0 "$started" 2>/dev/null; then
    give_up "The application ended right after its start: $(tail -n 1 "$log")"
  fi
  if [ "$(answering)" = "$started $version" ]; then break; fi
  if [ "$SECONDS" -ge "$deadline" ]; then
    kill "$started" 2>/dev/null
    give_up "The application did not answer as version $version on port $port within $wait_seconds seconds."
  fi
  sleep 0.1
done

set_octopusvariable Url "http://127.0.0.1:$port/"
write_highlight "Version $version answers at http://127.0.0.1:$port/"
