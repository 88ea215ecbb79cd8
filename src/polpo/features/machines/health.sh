# What a health check asks a machine with bash. The policy's own script follows below and may use the functions.
__coded() { printf '%s' "$1" | base64 | tr -d '\r\n'; }
__fact() { printf "##octopus[polpo-fact name='%s' value='%s']\n" "$(__coded "$1")" "$(__coded "$2")"; }
echo_warning() { printf '##octopus[stdout-warning]\n%s\n##octopus[stdout-default]\n' "$*"; }
write_warning() { echo_warning "$@"; }
echo_error() {
  printf '##octopus[stdout-error]\n%s\n##octopus[stdout-default]\n' "$*"
  printf "##octopus[polpo-unwell message='%s']\n" "$(__coded "$*")"
}
fail_healthcheck() {
  if [ -n "${1:-}" ]; then printf "##octopus[resultMessage message='%s']\n" "$(__coded "$*")"; fi
  exit 1
}
check_free_space() { # where, how many MB are to be left
  local free
  free=$(df -Pk "$1" 2> /dev/null | awk 'NR == 2 {print int($4 / 1024)}')
  if [ -z "$free" ]; then return; fi
  echo "Free space where the agent works: $free MB."
  if [ "$free" -lt "$2" ]; then echo_warning "Less than $2 MB are free."; fi
}
__fact operating_system "$(uname -s)"
__fact operating_system_version "$( (. /etc/os-release 2> /dev/null && printf %s "$PRETTY_NAME") || uname -r)"
__fact architecture "$(uname -m)"
__fact shell_name bash
__fact shell_version "${BASH_VERSION:-}"
__fact agent_version "${TentacleVersion:-}"
__fact agent_is_ours "${PolpoAgentVersion:+yes}"
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' > /dev/null 2>&1; then
  echo_warning "python3 (3.8 or newer) was not found: steps that use the runner cannot work here."
fi
if [ -f "${TentacleHome:-.}/@RUNNER@" ]; then __fact has_runner yes; else __fact has_runner no; fi
