# What Polpo gives to Bash scripts. The variables follow below.

encode_servicemessagevalue() {
  printf '%s' "${1:-}" | base64 | tr -d '\r\n'
}

decode_servicemessagevalue() {
  printf '%s' "${1:-}" | base64 -d
}

__octopus_leveled() {
  printf '##octopus[stdout-%s]\n%s\n##octopus[stdout-default]\n' "$1" "$2"
}

write_verbose() { __octopus_leveled verbose "$*"; }
write_highlight() { __octopus_leveled highlight "$*"; }
write_wait() { __octopus_leveled wait "$*"; }
write_warning() { __octopus_leveled warning "$*"; }

fail_step() {
  if [ -n "${1:-}" ]; then
    printf "##octopus[resultMessage message='%s']\n" "$(encode_servicemessagevalue "$1")"
  fi
  exit 1
}

set_octopusvariable() {
  local sensitive=''
  if [ "${3:-}" = '-sensitive' ]; then
    sensitive=" sensitive='$(encode_servicemessagevalue True)'"
  fi
  printf "##octopus[setVariable name='%s' value='%s'%s]\n" \
    "$(encode_servicemessagevalue "${1:-}")" "$(encode_servicemessagevalue "${2:-}")" "$sensitive"
}

set_environmentstate() {
  local sensitive=''
  if [ "${3:-}" = '-sensitive' ]; then
    sensitive=" sensitive='$(encode_servicemessagevalue True)'"
  fi
  printf "##octopus[set-environmentstate key='%s' value='%s'%s type='%s']\n" \
    "$(encode_servicemessagevalue "${1:-}")" "$(encode_servicemessagevalue "${2:-}")" "$sensitive" \
    "$(encode_servicemessagevalue "${4:-State}")"
}

set_environmenturl() {
  set_environmentstate "${1:-}" "${2:-}" '' Url
}

update_progress() {
  printf "##octopus[progress percentage='%s' message='%s']\n" \
    "$(encode_servicemessagevalue "${1:-}")" "$(encode_servicemessagevalue "${2:-}")"
}

new_octopusartifact() {
  local path name length
  if [ ! -e "${1:-}" ]; then
    printf 'There is no file "%s" to collect as an artifact.\n' "${1:-}" >&2
    return 1
  fi
  path="$(cd "$(dirname -- "$1")" && pwd -P)/$(basename -- "$1")"
  name="${2:-$(basename -- "$1")}"
  length=0
  if [ -f "$path" ]; then length="$(wc -c <"$path" | tr -d ' ')"; fi
  write_verbose "Artifact $name will be collected from $path after this step completes"
  printf "##octopus[createArtifact path='%s' name='%s' length='%s']\n" "$(encode_servicemessagevalue "$path")" \
    "$(encode_servicemessagevalue "$name")" "$(encode_servicemessagevalue "$length")"
}

new_octopustarget() (
  parameters=''
  add() { parameters="$parameters $1='$(encode_servicemessagevalue "$2")'"; }
  while [ $# -gt 0 ]; do
    case "$1" in
      -n | --name) add name "${2:-}" ;;
      -t | --target-id) add targetId "${2:-}" ;;
      --inputs) add inputs "${2:-}" ;;
      --roles) add octopusRoles "${2:-}" ;;
      --worker-pool) add octopusDefaultWorkerPoolIdOrName "${2:-}" ;;
      --update-if-existing)
        add updateIfExisting true
        shift
        continue
        ;;
      --) break ;;
      *)
        printf 'new_octopustarget does not know the option "%s".\n' "$1" >&2
        exit 1
        ;;
    esac
    shift
    if [ $# -gt 0 ]; then shift; fi
  done
  printf '##octopus[createStepPackageTarget%s]\n' "$parameters"
)

remove-octopustarget() {
  printf "##octopus[delete-target machine='%s']\n" "$(encode_servicemessagevalue "${1:-}")"
}

report_kubernetes_manifest() {
  local namespace='' line document=''
  if [ -n "${2:-}" ]; then namespace=" ns='$(encode_servicemessagevalue "$2")'"; fi
  __octopus_manifest() {
    if [ -n "${1//[[:space:]]/}" ]; then
      printf "##octopus[k8s-manifest-applied manifest='%s'%s]\n" "$(encode_servicemessagevalue "$1")" "$namespace"
    fi
  }
  while IFS= read -r line || [ -n "$line" ]; do
    if [ "${line%"${line##*[![:space:]]}"}" = '---' ]; then
      __octopus_manifest "$document"
      document=''
    else
      document="$document$line"$'\n'
    fi
  done <<<"${1:-}"
  __octopus_manifest "$document"
}

report_kubernetes_manifest_file() {
  if [ ! -f "${1:-}" ]; then
    write_verbose "There is no Kubernetes manifest at ${1:-}."
    return 0
  fi
  report_kubernetes_manifest "$(cat -- "$1")" "${2:-}"
}
