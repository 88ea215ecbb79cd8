# What Polpo gives to PowerShell scripts. The variables are read from a file that is removed at once.
param([string] $payload, [string] $script)

function Convert-ServiceMessageValue([string] $value) {
  return [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($value))
}

function Write-OctopusMessage([string] $name, [System.Collections.Specialized.OrderedDictionary] $attributes) {
  $text = "##octopus[$name"
  foreach ($key in $attributes.Keys) { $text += " $key='$(Convert-ServiceMessageValue $attributes[$key])'" }
  Write-Host "$text]"
}

function Write-OctopusLeveled([string] $level, [string] $message) {
  Write-Host "##octopus[stdout-$level]"
  Write-Host $message
  Write-Host "##octopus[stdout-default]"
}

function Write-Verbose {
  param([Parameter(ValueFromPipeline = $true, Position = 0)] [string] $message)
  process { Write-OctopusLeveled "verbose" $message }
}

function Write-Highlight {
  param([Parameter(ValueFromPipeline = $true, Position = 0)] [string] $message)
  process { Write-OctopusLeveled "highlight" $message }
}

function Write-Wait {
  param([Parameter(ValueFromPipeline = $true, Position = 0)] [string] $message)
  process { Write-OctopusLeveled "wait" $message }
}

function Write-Warning {
  param([Parameter(ValueFromPipeline = $true, Position = 0)] [string] $message)
  process { Write-OctopusLeveled "warning" $message }
}

function Set-OctopusVariable([string] $name, [string] $value, [switch] $sensitive) {
  $attributes = [ordered] @{ name = $name; value = $value }
  if ($sensitive) { $attributes["sensitive"] = "True" }
  Write-OctopusMessage "setVariable" $attributes
}

function Set-EnvironmentState([string] $key, [string] $value, [switch] $sensitive, [string] $type = "State") {
  $attributes = [ordered] @{ key = $key; value = $value }
  if ($sensitive) { $attributes["sensitive"] = "True" }
  $attributes["type"] = $type
  Write-OctopusMessage "set-environmentstate" $attributes
}

function Set-EnvironmentUrl([string] $key, [string] $url) {
  Set-EnvironmentState -key $key -value $url -type "Url"
}

function Fail-Step([string] $message) {
  if ($message) { Write-OctopusMessage "resultMessage" ([ordered] @{ message = $message }) }
  exit -1
}

function Update-Progress([int] $percentage, [string] $message) {
  Write-OctopusMessage "progress" ([ordered] @{ percentage = "$percentage"; message = $message })
}

function New-OctopusArtifact {
  param(
    [Parameter(ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true, Position = 0)]
    [Alias("fullname", "path")] [string] $fullpath,
    [Parameter(ValueFromPipelineByPropertyName = $true, Position = 1)] [string] $name
  )
  process {
    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($fullpath)
    if (-not $name) { $name = [System.IO.Path]::GetFileName($full) }
    $length = 0
    if (Test-Path -LiteralPath $full -PathType Leaf) { $length = ([System.IO.FileInfo] $full).Length }
    else { Write-Verbose "There is no file at '$full' now; it is collected if there is one when the step has ended." }
    Write-Verbose "Artifact $name will be collected from $full after this step completes"
    Write-OctopusMessage "createArtifact" ([ordered] @{ path = $full; name = $name; length = "$length" })
  }
}

function New-OctopusTarget {
  param([string] $Name, [string] $TargetId, [string] $Inputs, [string] $Roles, [string] $WorkerPoolIdOrName = "",
    [switch] $UpdateIfExisting)
  Write-OctopusMessage "createStepPackageTarget" ([ordered] @{ name = $Name; targetId = $TargetId; inputs = $Inputs;
      octopusRoles = $Roles; octopusDefaultWorkerPoolIdOrName = $WorkerPoolIdOrName;
      updateIfExisting = "$UpdateIfExisting" })
}

function New-OctopusKubernetesTarget {
  param([string] $name, [string] $clusterUrl, [string] $clusterName, [string] $clusterResourceGroup,
    [string] $namespace, [string] $octopusAccountIdOrName, [string] $octopusClientCertificateIdOrName,
    [string] $octopusServerCertificateIdOrName, [string] $octopusRoles, [string] $octopusDefaultWorkerPoolIdOrName,
    [string] $skipTlsVerification, [string] $clusterAdminLogin, [string] $healthCheckContainerImageFeedIdOrName,
    [string] $healthCheckContainerImage, [string] $clusterProject, [string] $clusterRegion, [string] $clusterZone,
    [string] $clusterImpersonateServiceAccount, [string] $clusterServiceAccountEmails,
    [string] $clusterUseVmServiceAccount, [switch] $awsUseWorkerCredentials, [string] $awsAssumeRoleArn,
    [string] $awsAssumeRoleSession, [string] $awsAssumeRoleSessionDurationSeconds, [string] $awsAssumeRoleExternalId,
    [switch] $updateIfExisting)
  Write-OctopusMessage "create-kubernetestarget" ([ordered] @{ name = $name; octopusRoles = $octopusRoles;
      clusterUrl = $clusterUrl; clusterName = $clusterName; clusterResourceGroup = $clusterResourceGroup;
      clusterAdminLogin = $clusterAdminLogin; namespace = $namespace;
      octopusAccountIdOrName = $octopusAccountIdOrName;
      octopusClientCertificateIdOrName = $octopusClientCertificateIdOrName;
      octopusServerCertificateIdOrName = $octopusServerCertificateIdOrName;
      octopusDefaultWorkerPoolIdOrName = $octopusDefaultWorkerPoolIdOrName;
      healthCheckContainerImageFeedIdOrName = $healthCheckContainerImageFeedIdOrName;
      healthCheckContainerImage = $healthCheckContainerImage; clusterProject = $clusterProject;
      clusterRegion = $clusterRegion; clusterZone = $clusterZone;
      clusterImpersonateServiceAccount = $clusterImpersonateServiceAccount;
      clusterServiceAccountEmails = $clusterServiceAccountEmails;
      clusterUseVmServiceAccount = $clusterUseVmServiceAccount;
      awsUseWorkerCredentials = "$awsUseWorkerCredentials"; awsAssumeRoleArn = $awsAssumeRoleArn;
      awsAssumeRoleSession = $awsAssumeRoleSession;
      awsAssumeRoleSessionDurationSeconds = $awsAssumeRoleSessionDurationSeconds;
      awsAssumeRoleExternalId = $awsAssumeRoleExternalId; skipTlsVerification = $skipTlsVerification;
      updateIfExisting = "$updateIfExisting" })
}

function New-OctopusAzureWebAppTarget {
  param([string] $name, [string] $azureWebApp, [string] $azureResourceGroupName, [string] $octopusAccountIdOrName,
    [string] $octopusRoles, [switch] $updateIfExisting, [string] $azureWebAppSlot,
    [string] $octopusDefaultWorkerPoolIdOrName)
  Write-OctopusMessage "create-azurewebapptarget" ([ordered] @{ name = $name; azureWebApp = $azureWebApp;
      azureWebAppSlot = $azureWebAppSlot; azureResourceGroupName = $azureResourceGroupName;
      octopusAccountIdOrName = $octopusAccountIdOrName; octopusRoles = $octopusRoles;
      octopusDefaultWorkerPoolIdOrName = $octopusDefaultWorkerPoolIdOrName; updateIfExisting = "$updateIfExisting" })
}

function New-OctopusAzureCloudServiceTarget {
  param([string] $name, [string] $azureCloudServiceName, [string] $azureStorageAccount,
    [string] $azureDeploymentSlot = "staging", [string] $swap = "swap", [string] $instanceCount = "current",
    [string] $octopusAccountIdOrName, [string] $octopusRoles, [string] $octopusDefaultWorkerPoolIdOrName,
    [switch] $updateIfExisting)
  Write-OctopusMessage "create-azurecloudservicetarget" ([ordered] @{ name = $name;
      azureCloudServiceName = $azureCloudServiceName; azureStorageAccount = $azureStorageAccount;
      azureDeploymentSlot = $azureDeploymentSlot; swap = $swap; instanceCount = $instanceCount;
      octopusAccountIdOrName = $octopusAccountIdOrName; octopusRoles = $octopusRoles;
      octopusDefaultWorkerPoolIdOrName = $octopusDefaultWorkerPoolIdOrName; updateIfExisting = "$updateIfExisting" })
}

function New-OctopusAzureServiceFabricTarget {
  param([string] $name, [string] $azureConnectionEndpoint, [string] $azureSecurityMode,
    [string] $azureCertificateThumbprint, [string] $azureActiveDirectoryUsername,
    [string] $azureActiveDirectoryPassword, [string] $certificateStoreLocation, [string] $certificateStoreName,
    [string] $octopusCertificateIdOrName, [string] $octopusRoles, [string] $octopusDefaultWorkerPoolIdOrName,
    [switch] $updateIfExisting)
  Write-OctopusMessage "create-azureservicefabrictarget" ([ordered] @{ name = $name;
      azureConnectionEndpoint = $azureConnectionEndpoint; azureSecurityMode = $azureSecurityMode;
      azureCertificateThumbprint = $azureCertificateThumbprint;
      azureActiveDirectoryUsername = $azureActiveDirectoryUsername;
      azureActiveDirectoryPassword = $azureActiveDirectoryPassword;
      certificateStoreLocation = $certificateStoreLocation; certificateStoreName = $certificateStoreName;
      octopusCertificateIdOrName = $octopusCertificateIdOrName; octopusRoles = $octopusRoles;
      octopusDefaultWorkerPoolIdOrName = $octopusDefaultWorkerPoolIdOrName; updateIfExisting = "$updateIfExisting" })
}

function New-OctopusTokenAccount([string] $name, [string] $token, [switch] $updateIfExisting) {
  Write-OctopusMessage "create-tokenaccount" ([ordered] @{ name = $name; token = $token;
      updateIfExisting = "$updateIfExisting" })
}

function New-OctopusUserPassAccount([string] $name, [string] $username, [string] $password,
  [switch] $updateIfExisting) {
  Write-OctopusMessage "create-userpassaccount" ([ordered] @{ name = $name; username = $username;
      password = $password; updateIfExisting = "$updateIfExisting" })
}

function New-OctopusAwsAccount([string] $name, [string] $secretKey, [string] $accessKey, [switch] $updateIfExisting) {
  Write-OctopusMessage "create-awsaccount" ([ordered] @{ name = $name; secretKey = $secretKey; accessKey = $accessKey;
      updateIfExisting = "$updateIfExisting" })
}

function New-OctopusAzureServicePrincipalAccount {
  param([string] $name, [Alias("azureSubscriptionId")] [string] $azureSubscription, [string] $azureApplicationId,
    [string] $azureTenantId, [string] $azurePassword, [string] $azureEnvironment, [string] $azureBaseUri,
    [Alias("azureResourceManagementUri")] [string] $azureResourceManagementBaseUri, [switch] $updateIfExisting)
  Write-OctopusMessage "create-azureaccount" ([ordered] @{ name = $name; type = "serviceprincipal";
      azSubscriptionId = $azureSubscription; azApplicationId = $azureApplicationId; azTenantId = $azureTenantId;
      azPassword = $azurePassword; azEnvironment = $azureEnvironment; azBaseUri = $azureBaseUri;
      azResourceManagementBaseUri = $azureResourceManagementBaseUri; updateIfExisting = "$updateIfExisting" })
}

function Remove-OctopusTarget([string] $targetIdOrName) {
  Write-OctopusMessage "delete-target" ([ordered] @{ machine = $targetIdOrName })
}

function Report-KubernetesManifest {
  param([Parameter(ValueFromPipeline = $true)] [string] $manifest, [string] $namespace)
  foreach ($document in ($manifest -split "(?m)^---\s*$")) {
    if ([string]::IsNullOrWhiteSpace($document)) { continue }
    $attributes = [ordered] @{ manifest = $document }
    if ($namespace) { $attributes["ns"] = $namespace }
    Write-OctopusMessage "k8s-manifest-applied" $attributes
  }
}

function Report-KubernetesManifestFile {
  param([Parameter(ValueFromPipeline = $true)] [string] $path, [string] $namespace)
  if (Test-Path -LiteralPath $path -PathType Leaf) {
    Report-KubernetesManifest -manifest (Get-Content -LiteralPath $path -Raw) -namespace $namespace
  }
  else { Write-Verbose "There is no Kubernetes manifest at $path." }
}

function Execute-WithRetry([ScriptBlock] $command, [int] $maxFailures = 3, [int] $sleepBetweenFailures = 1) {
  for ($attempt = 1; ; $attempt++) {
    try { & $command; return }
    catch {
      if ($attempt -ge $maxFailures) { throw }
      Write-Host "Attempt $attempt of $maxFailures failed: $($_.Exception.Message)"
      Start-Sleep -Seconds $sleepBetweenFailures
    }
  }
}

# Each line of the file is a variable: name and value, in base64. Hash tables of PowerShell compare without case.
$OctopusParameters = @{}
foreach ($line in [System.IO.File]::ReadAllLines($payload)) {
  $pair = $line.Split(" ") | ForEach-Object {
    [System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($_))
  }
  $OctopusParameters[$pair[0]] = $pair[1]
}
Remove-Item -LiteralPath $payload -Force

# $Port as a shorter way to write $OctopusParameters["Port"], where the name makes a name of PowerShell's.
$MaximumVariableCount = 32768
foreach ($name in @($OctopusParameters.Keys)) {
  $short = $name -replace "[^A-Za-z0-9_]", ""
  if ($name.Contains("[") -or -not $short) { continue }
  if (-not (Get-Variable -Name $short -ErrorAction SilentlyContinue)) {
    Set-Variable -Name $short -Value $OctopusParameters[$name]
  }
}
