# What a health check asks a machine with PowerShell. The policy's own script follows below and may use the functions.
function __Coded([string] $value) { [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($value)) }
function __Fact([string] $name, [string] $value) {
  Write-Host "##octopus[polpo-fact name='$(__Coded $name)' value='$(__Coded $value)']"
}
function __Leveled([string] $level, [string] $message) {
  Write-Host "##octopus[stdout-$level]"
  Write-Host $message
  Write-Host "##octopus[stdout-default]"
}
function Write-Warning {
  param([Parameter(ValueFromPipeline = $true, Position = 0)] [string] $message)
  process { __Leveled "warning" $message }
}
function Write-Error {
  param([Parameter(ValueFromPipeline = $true, Position = 0)] $message)
  process {
    __Leveled "error" "$message"
    Write-Host "##octopus[polpo-unwell message='$(__Coded "$message")']"
  }
}
function Fail-HealthCheck([string] $message) {
  if ($message) { Write-Host "##octopus[resultMessage message='$(__Coded $message)']" }
  exit 1
}
function CheckDriveCapacity($drive) {
  if ($null -eq $freeDiskSpaceThreshold) { $freeDiskSpaceThreshold = 5GB }
  $free = [math]::Round($drive.FreeSpace / 1MB)
  Write-Host "Free space on $($drive.Name): $free MB."
  if ($drive.FreeSpace -lt $freeDiskSpaceThreshold) {
    Write-Warning "Less than $([math]::Round($freeDiskSpaceThreshold / 1MB)) MB are free on $($drive.Name)."
  }
}
function __Python {
  foreach ($name in "python", "python3", "py") {
    if (Get-Command $name -ErrorAction SilentlyContinue) {
      & $name -c "import sys; sys.exit(sys.version_info < (3, 8))" 2> $null | Out-Null
      if ($LASTEXITCODE -eq 0) { return $true }
    }
  }
  return $false
}
__Fact "operating_system" "Windows"
__Fact "operating_system_version" ([Environment]::OSVersion.VersionString)
__Fact "architecture" "$env:PROCESSOR_ARCHITECTURE"
__Fact "shell_name" $(if ($PSVersionTable.PSEdition -eq "Core") { "PowerShell Core" } else { "PowerShell" })
__Fact "shell_version" "$($PSVersionTable.PSVersion)"
__Fact "agent_version" "$env:TentacleVersion"
if (-not (__Python)) {
  Write-Warning "python (3.8 or newer) was not found: steps that use the runner cannot work here."
}
$__home = if ($env:TentacleHome) { $env:TentacleHome } else { "." }
__Fact "has_runner" $(if (Test-Path (Join-Path $__home '@RUNNER@')) { "yes" } else { "no" })
$LASTEXITCODE = 0
