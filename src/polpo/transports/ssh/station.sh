# The far side of a machine that is reached by SSH: POSIX sh, head and tar, and flock and setsid where they are there.
#
# Run without arguments it takes one request from its input: the verb, then a line for each argument, then bytes as
# announced. It answers "polpo 1", then a line that says how it went: "+" done, "!" and why not, "?" for a script that
# is not known. `start` and `follow` go on with the lines of the script's log from a position, as they are written:
#
#     O, E, D  and a line of the script's output, of its errors, or of what is said about it
#     X        and the exit code: the last one
#
# until the input ends. Meanwhile they take `cancel` and `complete`, each on a line of its own.
#
# Run as `station.sh supervise TICKET` it looks after one script: a process in a session of its own, which ends when the
# script does and not when a connection does. It takes the folder of the script by making `claim` in it.

set -u
home=$HOME/.octopus/OctopusServer
work=$home/Work
lost=-46 cancelled_code=-43 no_lock=-44 no_shell=-42

pause() { sleep 0.2 2> /dev/null || sleep 1; }
has() { command -v "$1" > /dev/null 2>&1; }
refuse() { printf '!%s\n' "$1"; exit 1; }

# -- what is known about a script

locate() {
  ticket=$1 folder=$work/$1
  control=$folder/.polpo
  log=$control/log
}

# Whether the supervisor lives. Its number may have gone to another process by now, so its environment must agree.
is_supervised() {
  pid=$(cat "$control/pid" 2> /dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2> /dev/null || return 1
  [ ! -r "/proc/$pid/environ" ] || grep -q -a -F "PolpoStation=$folder" "/proc/$pid/environ" 2> /dev/null
}

is_over() { case $(tail -n 1 "$log" 2> /dev/null) in X*) return 0 ;; *) return 1 ;; esac; }

# Processes that the script has started, wherever they moved: the environment goes with them.
living() {
  for found in $(grep -l -a -F "PolpoWorkspace=$folder" /proc/[0-9]*/environ 2> /dev/null); do
    found=${found#/proc/}
    echo "${found%/environ}"
  done
}

end_tree() {
  script=$(cat "$control/script" 2> /dev/null)
  [ -z "$script" ] || kill "-$1" "-$script" 2> /dev/null || kill "-$1" "$script" 2> /dev/null
  left=$(living)
  [ -z "$left" ] || kill "-$1" $left 2> /dev/null
}

# A supervisor that is gone without an end: as after a restart of the machine.
settle() {
  tries=0
  while [ ! -s "$control/pid" ] && [ $tries -lt 25 ]; do
    pause
    tries=$((tries + 1))
  done
  is_supervised || is_over || pause
  is_supervised || is_over || declare_lost
}

# By one at a time. Who was interrupted, or met a full disk, leaves it to the next.
declare_lost() {
  [ -z "$(find "$control/lost" -mmin +1 2> /dev/null)" ] || rmdir "$control/lost"
  mkdir "$control/lost" 2> /dev/null || return 0
  end_tree KILL
  record_loss 2> /dev/null || rmdir "$control/lost"
}

record_loss() {
  [ -z "$(tail -c 1 "$log")" ] || echo >> "$log" || return
  printf '%s\nX%s\n' "EThe machine lost the script: what looked after it is gone without having recorded a result, as \
after a restart of the machine. What the script did until then is done; its outcome is unknown." $lost >> "$log"
}

# -- start and follow

start() {
  read -r ticket && read -r size || exit 1
  locate "$ticket"
  if [ -d "$control" ]; then
    head -c "$size" > /dev/null
    [ ! -s "$control/pid" ] || settle
  else
    prepare
  fi
  [ -s "$control/pid" ] || launch
  serve 0
}

prepare() {
  new=$work/.new-$ticket-$$
  (umask 077 && mkdir -p "$new") || refuse "The folder $work cannot be written."
  has tar || refuse "tar was not found on this machine; install it."
  said=$(umask 077; head -c "$size" | tar -xf - -C "$new" 2>&1) || {
    rm -rf "$new"
    refuse "The script could not be stored in $work: $said"
  }
  if [ ! -f "$new/Bootstrap.sh" ]; then # it comes last; tar does not tell an archive that was cut off between two files
    rm -rf "$new"
    refuse "The connection ended before the script was there."
  fi
  mv "$new" "$folder" 2> /dev/null || [ -d "$control" ] || refuse "The folder $folder cannot be made."
}

launch() {
  apart=
  if has setsid; then apart=setsid; elif has nohup; then apart=nohup; fi
  PolpoStation=$folder $apart sh "$0" supervise "$ticket" < /dev/null > /dev/null 2>> "$control/supervisor.err" &
}

follow() {
  read -r ticket && read -r position || exit 1
  locate "$ticket"
  if [ ! -d "$control" ]; then
    echo '?'
    exit
  fi
  settle
  serve "$position"
}

serve() {
  echo +
  tail -n "+$(($1 + 1))" -f "$log" &
  tail=$!
  while read -r verb; do
    case $verb in
      cancel) (exec > /dev/null 2>&1; insist) & ;; # a mere redirection would keep the connection's pipes open aside
      complete) forget; break ;;
    esac
  done
  kill "$tail"
}

# Tells the supervisor to end the script, again and again: it may not be there yet, and a shell may miss a signal that
# comes at the wrong moment.
insist() {
  tries=0
  while [ -d "$control" ] && ! is_over && [ $tries -lt 100 ]; do
    if [ -s "$control/pid" ]; then # looked at first: it may come at any moment
      is_supervised || return
      kill -TERM "$pid"
    fi
    pause
    tries=$((tries + 1))
  done
}

forget() {
  insist
  rm -rf "$folder" 2> /dev/null
}

# -- the supervisor

supervise() {
  locate "$1"
  mkdir "$control/claim" 2> /dev/null || exit 0
  cancelled= return=$(printf '\r')
  trap '' HUP
  trap 'cancelled=yes' TERM
  mask=$(umask)
  umask 077
  if ! { echo $$ > "$control/pid.new" && mv "$control/pid.new" "$control/pid"; }; then
    rmdir "$control/claim" # nobody could see that it is looked after: it is not begun
    exit 1
  fi
  { read -r task; read -r mutex; read -r name; read -r level; read -r timeout; read -r grace; } < "$control/command"
  code=0
  isolate
  [ "$code" -ne 0 ] || carry_out
  rm -f "$home/Locks/$mutex/holders/$ticket"
  exec 7>&- 8>&-
  tries=0
  until printf 'X%s\n' "$code" >> "$log"; do # the disk is full; without the end, what the script did is lost
    [ -d "$control" ] && [ $tries -lt 600 ] || exit 1
    tries=$((tries + 1))
    sleep 1
  done
  clean
}

say() { printf '%s\n' "$1" >> "$log"; }

isolate() {
  if ! has flock; then
    say "DThis machine has no flock: only the server keeps scripts apart."
    return
  fi
  locks=$home/Locks/$mutex
  [ -d "$locks/holders" ] || mkdir -p "$locks/holders"
  exec 7> "$locks/gate" 8> "$locks/lock"
  if ! { pass_gate && flock -n "$level" 8; }; then
    say "O##octopus[stdout-wait]"
    say "O$(waiting)"
    say "O##octopus[stdout-default]"
    take 7 -x && take 8 "$level" || return
  fi
  echo "$task" > "$locks/holders/$ticket"
  exec 7>&-
}

# Others pass the gate in no time, but for one that waits behind it for the lock.
pass_gate() {
  tries=1
  until flock -n 7; do
    [ $tries -lt 5 ] || return 1
    tries=$((tries + 1))
    sleep 0.05 2> /dev/null || sleep 1
  done
}

take() {
  flock "$2" "$1" &
  waiter=$! clock=
  if [ -n "$timeout" ]; then
    (sleep "$timeout"; kill "$waiter") 7>&- 8>&- 2> /dev/null &
    clock=$!
  fi
  wait "$waiter"
  taken=$?
  kill "$waiter" $clock 2> /dev/null
  if [ -n "$cancelled" ]; then
    say "EScript execution canceled."
    code=$cancelled_code
  elif [ $taken -ne 0 ]; then
    say "EScript execution timed out. $(waiting) It waited $timeout s."
    code=$no_lock
  fi
  [ "$code" -eq 0 ]
}

waiting() {
  names=
  for note in "$locks"/holders/*; do
    [ -d "$work/${note##*/}" ] || continue
    holder=$(cat "$note")
    case ", $names, " in *", $holder, "*) ;; *) names=${names:+$names, }$holder ;; esac
  done
  if [ -n "$names" ]; then
    echo "Waiting for the script in task $names to finish: it holds the isolation lock '$name' of this machine."
  else
    echo "Waiting for the isolation lock '$name' of this machine."
  fi
}

carry_out() {
  if ! mkfifo "$control/out" "$control/err"; then
    say "EThe script's output cannot be taken: $control cannot hold pipes."
    code=$no_shell
    return
  fi
  tag O < "$control/out" 7>&- 8>&- &
  output=$!
  tag E < "$control/err" 7>&- 8>&- &
  errors=$!
  run > "$control/out" 2> "$control/err" < /dev/null 7>&- 8>&- &
  script=$!
  echo $script > "$control/script"
  wait $script
  code=$?
  [ -z "$cancelled" ] || pursue
  (sleep 2; kill $output $errors) 7>&- 8>&- 2> /dev/null &
  clock=$!
  wait $output
  wait $errors
  kill $clock 2> /dev/null
  if [ -n "$cancelled" ]; then
    say "EScript execution canceled."
    code=$cancelled_code
  else
    say "DThe script ended with exit code $code."
  fi
}

# Becomes the script. Its environment is the account's, without what makes shells read start-up files.
run() {
  cd "$folder" || exit 127
  unset BASH_ENV ENV SSH_CLIENT SSH_CONNECTION SSH2_CLIENT PolpoStation
  export PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
  export PolpoWorkspace="$folder" TentacleHome="$home" TentacleApplications="$HOME/.octopus/Applications"
  export TentacleJournal="$home/DeploymentJournal.xml" TentacleInstanceName=OctopusServer TentacleVersion=@VERSION@
  export CalamariPackageRetentionJournalPath="$home/PackageRetentionJournal.json" TentacleUseDefaultProxy=False
  umask "$mask"
  shell=sh
  ! has bash || shell=bash
  read -r first < Bootstrap.sh
  case $first in '#!'*) chmod 700 Bootstrap.sh; shell= ;; esac
  [ ! -s "$control/arguments" ] || eval "set -- $(cat "$control/arguments")"
  say "DStarting ${shell:-${first#??}} in the working directory '$folder' as ${USER:-$(id -un)}."
  trap - HUP TERM
  if has setsid; then
    exec setsid $shell ./Bootstrap.sh "$@"
  fi
  exec $shell ./Bootstrap.sh "$@"
}

# Ends the script and all that it started: asked first, then made to.
pursue() {
  end_tree TERM
  waited=0
  while [ -n "$(living)" ] || kill -0 $script 2> /dev/null; do
    [ $waited -lt $((grace * 5)) ] || break
    pause
    waited=$((waited + 1))
  done
  end_tree KILL
  wait $script
}

# Each line as one entry, and as one write: long ones go by a file, since shells cut what they print.
tag() {
  while IFS= read -r line || [ -n "$line" ]; do
    while :; do
      case $line in *"$return"*) piece=${line%%"$return"*} line=${line#*"$return"} ;; *) piece=$line line= ;; esac
      if [ ${#piece} -lt 500 ]; then
        printf %s "$1$piece
"
      else
        printf '%s\n' "$1$piece" > "$control/long.$1"
        cat "$control/long.$1"
      fi
      [ -n "$line" ] || break
    done
    line=
  done >> "$log"
}

# Now and then: what ended a day ago and nobody asked for.
clean() {
  [ -z "$(find "$home/cleaned" -mmin -120 2> /dev/null)" ] || return 0
  : > "$home/cleaned"
  find "$work/." ! -name . -prune -type d -mtime +0 | while IFS= read -r old; do
    locate "${old##*/}"
    is_supervised || [ -n "$(find "$log" -mtime -1 2> /dev/null)" ] || rm -rf "$folder"
  done
}

# -- files

whole_path() { case $1 in /*) echo "$1" ;; *) echo "$home/$1" ;; esac; }

hash_of() {
  if has sha1sum; then sha1sum; elif has shasum; then shasum; elif has openssl; then openssl dgst -sha1 -r; fi < "$1"
}

upload() {
  IFS= read -r path && read -r size || exit 1
  file=$(whole_path "$path")
  part=${file%/*}/.polpo-$$.part
  said=$(mkdir -p "${file%/*}" 2>&1) || refuse "The folder ${file%/*} cannot be made: $said"
  trap 'rm -f "$part"' EXIT
  said=$(cat 2>&1 > "$part") || refuse "The file $file cannot be written: $said"
  [ "$(wc -c < "$part")" -eq "$size" ] || exit 1
  hash=$(hash_of "$part")
  said=$(chmod 644 "$part" 2>&1 && mv -f "$part" "$file" 2>&1) || refuse "The file $file cannot be written: $said"
  printf '+\n%s\n%s\n' "$file" "${hash%% *}"
}

download() {
  IFS= read -r path || exit 1
  file=$(whole_path "$path")
  if [ ! -f "$file" ]; then
    echo '?'
    exit
  fi
  size=$(wc -c < "$file" 2> /dev/null) || refuse "The file $file cannot be read."
  printf '+\n%s\n' "$((size))"
  exec cat "$file"
}

probe() {
  echo +
  for tool in bash tar flock setsid sha1sum python3; do
    ! has $tool || echo $tool
  done
}

if [ "${1:-}" = supervise ]; then
  supervise "$2"
  exit
fi
echo 'polpo 1'
read -r verb || exit 1
case $verb in
  start | follow | upload | download | probe) $verb ;;
  *) refuse "This station knows no '$verb'." ;;
esac
