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

# Sends a message whose attributes are options: `--worker-pool x`. The names that it knows stand in the second argument,
# those that have no value in the third; `option=attribute` where the two are called differently.
__octopus_order() (
  message="$1" known=" $2 " flags=" $3 update-if-existing=updateIfExisting " attributes=''
  shift 3
  while [ $# -gt 0 ]; do
    case "$1" in
      -n) option=name ;;
      -t) option=target-id ;;
      --) break ;;
      --?*) option="${1#--}" ;;
      *) option="$1 " ;;
    esac
    case "$flags" in
      *" $option="*) value=true ;;
      *)
        case "$known" in
          *" $option="*) ;;
          *)
            printf '%s does not know the option "%s".\n' "${FUNCNAME[1]}" "$1" >&2
            exit 1
            ;;
        esac
        if [ $# -lt 2 ]; then
          printf '%s: the option "%s" needs a value.\n' "${FUNCNAME[1]}" "$1" >&2
          exit 1
        fi
        value="$2"
        shift
        ;;
    esac
    shift
    name="$known$flags"
    name="${name#* "$option"=}"
    attributes="$attributes ${name%% *}='$(encode_servicemessagevalue "$value")'"
  done
  printf '##octopus[%s%s]\n' "$message" "$attributes"
)

new_octopustarget() {
  __octopus_order createStepPackageTarget "name=name target-id=targetId targetId=targetId inputs=inputs \
roles=octopusRoles worker-pool=octopusDefaultWorkerPoolIdOrName" '' "$@"
}

new_octopuskubernetestarget() {
  __octopus_order create-kubernetestarget "name=name roles=octopusRoles cluster-url=clusterUrl \
cluster-name=clusterName cluster-resource-group=clusterResourceGroup namespace=namespace \
account=octopusAccountIdOrName client-certificate=octopusClientCertificateIdOrName \
server-certificate=octopusServerCertificateIdOrName worker-pool=octopusDefaultWorkerPoolIdOrName \
health-check-image=healthCheckContainerImage health-check-feed=healthCheckContainerImageFeedIdOrName \
cluster-project=clusterProject cluster-region=clusterRegion cluster-zone=clusterZone \
cluster-service-account-emails=clusterServiceAccountEmails assume-role-arn=awsAssumeRoleArn \
assume-role-session=awsAssumeRoleSession assume-role-session-duration=awsAssumeRoleSessionDurationSeconds \
assume-role-external-id=awsAssumeRoleExternalId" "skip-tls-verification=skipTlsVerification \
cluster-admin-login=clusterAdminLogin use-worker-credentials=awsUseWorkerCredentials \
cluster-impersonate-service-account=clusterImpersonateServiceAccount \
cluster-use-vm-service-account=clusterUseVmServiceAccount" "$@"
}

new_octopusazurewebapptarget() {
  __octopus_order create-azurewebapptarget "name=name roles=octopusRoles web-app=azureWebApp slot=azureWebAppSlot \
resource-group=azureResourceGroupName account=octopusAccountIdOrName \
worker-pool=octopusDefaultWorkerPoolIdOrName" '' "$@"
}

new_octopusazurecloudservicetarget() {
  __octopus_order create-azurecloudservicetarget "name=name roles=octopusRoles cloud-service=azureCloudServiceName \
storage-account=azureStorageAccount slot=azureDeploymentSlot swap=swap instance-count=instanceCount \
account=octopusAccountIdOrName worker-pool=octopusDefaultWorkerPoolIdOrName" '' "$@"
}

new_octopusazureservicefabrictarget() {
  __octopus_order create-azureservicefabrictarget "name=name roles=octopusRoles \
connection-endpoint=azureConnectionEndpoint security-mode=azureSecurityMode \
certificate-thumbprint=azureCertificateThumbprint username=azureActiveDirectoryUsername \
password=azureActiveDirectoryPassword certificate-store-location=certificateStoreLocation \
certificate-store-name=certificateStoreName certificate=octopusCertificateIdOrName \
worker-pool=octopusDefaultWorkerPoolIdOrName" '' "$@"
}

new_octopustokenaccount() {
  __octopus_order create-tokenaccount 'name=name token=token' '' "$@"
}

new_octopususerpassaccount() {
  __octopus_order create-userpassaccount 'name=name username=username password=password' '' "$@"
}

new_octopusawsaccount() {
  __octopus_order create-awsaccount 'name=name access-key=accessKey secret-key=secretKey' '' "$@"
}

new_octopusazureserviceprincipalaccount() {
  __octopus_order create-azureaccount "name=name subscription=azSubscriptionId application-id=azApplicationId \
tenant-id=azTenantId password=azPassword environment=azEnvironment base-uri=azBaseUri \
resource-management-base-uri=azResourceManagementBaseUri" '' "$@"
}

remove_octopustarget() {
  printf "##octopus[delete-target machine='%s']\n" "$(encode_servicemessagevalue "${1:-}")"
}

remove-octopustarget() { remove_octopustarget "$@"; }

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
