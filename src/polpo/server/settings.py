"""Settings of a server: flags first, then the environment (`POLPO_…`), then a TOML file, then the defaults."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from polpo.kernel.addresses import Network, networks
from polpo.kernel.destinations import Destinations
from polpo.kernel.environment import forget
from polpo.kernel.errors import Invalid

#: Settings whose values nobody is to see; the environment may name a file with the value.
SECRETS = ("admin_password", "admin_api_key", "database_url", "blob_url", "tls_key_password")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`listen` is where the portal and the API are; `agent_listen` is where polling agents connect.

    `node_name` is what this server is called among several on one PostgreSQL; the machine's name unless told. A node
    beats every `node_beat_seconds`, counts as dead after `node_dead_seconds` without, and ends itself after
    `node_fence_seconds` without one that reached the database.

    `max_upload_mb` bounds a pushed package. `git_local` allows projects in Git repositories on the server's own disk.
    `community_templates` is the folder with the step templates of the community; without it, the folder
    community-templates in the data folder.

    `outbound_allow` names the places inside the network that the server may reach for its users (repositories, issuers
    of tokens, webhooks): names with or without a port, addresses and networks, separated by commas, or `*` for all.

    `trusted_proxies` are addresses and networks of reverse proxies in front of the server, separated by commas: only
    they are believed about who calls, by which scheme and host. `allowed_hosts` are the names by which the server may
    be called (`polpo.example.com`, `*.example.com`); any unless told.

    With `tls_certificate` and `tls_key` (PEM files) the server speaks HTTPS, and takes newer files by itself. Then
    `listen_http_redirect` is where plain HTTP is sent on to it; the answers to challenges of a certificate authority
    are served there from `acme_folder`.

    What is secret is best told by a file: `POLPO_ADMIN_PASSWORD_FILE`, `POLPO_ADMIN_API_KEY_FILE`,
    `POLPO_DATABASE_URL_FILE`, `POLPO_BLOB_URL_FILE` and `POLPO_TLS_KEY_PASSWORD_FILE` name one with nothing else in it.
    The process forgets what was told by the variables themselves once it has read them.

    `drop_folders` are the folders below which bundles of offline package drops may be written, separated by commas.

    The administrator is created, or reset, at start when a password or an API key is given.

    The master key is `master_key` (base64), or in the file `master_key_file`; without either, in the file master.key in
    the data folder, which is made with the data.
    """

    listen: str = "127.0.0.1:8065"
    agent_listen: str = "127.0.0.1:10943"
    data_dir: str = "./polpo-data"
    database_url: str = ""
    blob_url: str = ""
    node_name: str = ""
    node_beat_seconds: float = 5.0
    node_dead_seconds: float = 30.0
    node_fence_seconds: float = 18.0
    task_cap: int = 5
    max_upload_mb: int = 5120
    git_local: bool = False
    community_templates: str = ""
    outbound_allow: str = ""
    trusted_proxies: str = ""
    allowed_hosts: str = ""
    tls_certificate: str = ""
    tls_key: str = ""
    tls_key_password: str = ""
    listen_http_redirect: str = ""
    acme_folder: str = ""
    drop_folders: str = ""
    admin_username: str = "admin"
    admin_password: str = ""
    admin_api_key: str = ""
    master_key: str = ""
    master_key_file: str = ""
    log_level: str = "info"

    @property
    def data(self) -> Path:
        return Path(self.data_dir).expanduser().resolve()

    @property
    def key_file(self) -> Path:
        return Path(self.master_key_file).expanduser().resolve() if self.master_key_file else self.data / "master.key"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'polpo.db'}"

    @property
    def community_folder(self) -> Path:
        return (
            Path(self.community_templates).expanduser().resolve()
            if self.community_templates
            else self.data / "community-templates"
        )

    @property
    def blobs(self) -> str:
        return self.blob_url or str(self.data / "blobs")

    @property
    def destinations(self) -> Destinations:
        """The guard of requests to addresses that users name."""
        return Destinations(self.outbound_allow.split(","))

    @property
    def host_names(self) -> tuple[str, ...]:
        return tuple(one.strip().lower() for one in self.allowed_hosts.split(",") if one.strip())

    @property
    def proxies(self) -> tuple[Network, ...]:
        """Invalid for an entry that is neither an address nor a network."""
        try:
            return networks(self.trusted_proxies.split(","))
        except ValueError as error:
            raise Invalid(f"The setting trusted_proxies is not valid: {error}.") from error

    @property
    def drop_roots(self) -> tuple[Path, ...]:
        return tuple(Path(one.strip()).expanduser() for one in self.drop_folders.split(",") if one.strip())

    @property
    def shown(self) -> dict[str, str]:
        """What may be told about them: addresses of stores can hold passwords, so only their kind is."""
        return {
            "Listen": self.listen,
            "AgentListen": self.agent_listen,
            "DataFolder": str(self.data),
            "Database": self.database.partition(":")[0],
            "BlobStore": self.blobs.partition("://")[0] if "://" in self.blobs else "folder",
            "TaskCap": str(self.task_cap),
            "MaxUploadMB": str(self.max_upload_mb),
            "TlsCertificate": self.tls_certificate,
            "ListenHttpRedirect": self.listen_http_redirect,
            "DropFolders": self.drop_folders,
            "TrustedProxies": self.trusted_proxies,
            "AllowedHosts": self.allowed_hosts,
            "OutboundAllow": self.outbound_allow,
            "LogLevel": self.log_level,
        }


def load_settings(
    flags: Mapping[str, object], environment: Mapping[str, str] | None = None, file: Path | None = None
) -> Settings:
    """Merges the sources; Invalid names the setting that does not fit and where it came from."""
    environment = os.environ if environment is None else environment
    values: dict[str, object] = {}
    if file is not None:
        values.update(_from_file(file))
    known = {field.name for field in msgspec.structs.fields(Settings)}
    values.update(_from_environment(environment, known))
    values.update({name: value for name, value in flags.items() if value is not None})
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(f"The settings are not valid: {error}.") from error


def forget_secrets() -> None:
    """Takes what is secret out of the environment of this process; call it when the settings are read."""
    forget(f"POLPO_{name.upper()}" for name in (*SECRETS, "master_key"))


def _from_environment(environment: Mapping[str, str], known: set[str]) -> dict[str, str]:
    told = {name: environment.get(f"POLPO_{name.upper()}", "") for name in known}
    for name in SECRETS:
        variable = f"POLPO_{name.upper()}"
        if not (path := environment.get(f"{variable}_FILE", "")):
            continue
        if told[name]:
            raise Invalid(f"Both {variable} and {variable}_FILE are set; take one away.")
        try:
            told[name] = Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Invalid(f"The file {path}, which {variable}_FILE names, cannot be read.") from error
    return {name: value for name, value in told.items() if value}


def _from_file(file: Path) -> dict[str, object]:
    try:
        read = tomllib.loads(file.read_text())
    except OSError as error:
        raise Invalid(f"The settings file {file} cannot be read: {error.strerror}.") from error
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"The settings file {file} is not valid TOML: {error}.") from error
    known = {field.name for field in msgspec.structs.fields(Settings)}
    values = {key.replace("-", "_"): _as_text(value) for key, value in read.items()}
    unknown = sorted(set(values) - known)
    if unknown:
        raise Invalid(f"The settings file {file} has unknown settings: {', '.join(unknown)}.")
    return values


def _as_text(value: object) -> object:
    """A list in the file is what elsewhere is one text with commas."""
    return ",".join(str(one) for one in value) if isinstance(value, list) else value


def split_address(address: str, what: str) -> tuple[str, int]:
    """`host:port` in two; Invalid when it is neither."""
    host, separator, port = address.rpartition(":")
    if not separator or not port.isdigit() or int(port) > 65535:
        raise Invalid(f"{what} must be host:port, such as 127.0.0.1:8065; it is '{address}'.")
    return host.strip("[]") or "127.0.0.1", int(port)
