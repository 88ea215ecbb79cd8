"""Packages that a step only refers to, such as images: nobody fetches them, so the server need not be able to."""

from __future__ import annotations

from urllib.parse import urlsplit

from polpo.features.feeds.service import find_feed
from polpo.features.processes.resource import PackageReference
from polpo.kernel.errors import NotFound
from polpo.steps.work import PackageFile
from polpo.store.session import Session


def referred(
    session: Session, space_id: str, reference: PackageReference, package_id: str, feed_id: str, version: str
) -> PackageFile:
    """With what scripts are told of an image: its registry, and its name as tools want it."""
    registry = _registry(session, space_id, feed_id)
    image = f"{registry}/{package_id}:{version}" if registry else f"{package_id}:{version}"
    return PackageFile(
        reference=reference.name or "",
        package_id=package_id,
        version=version,
        feed_id=feed_id,
        properties={**reference.properties, "Image": image, "Registry": registry, "Version": version},
        acquisition=reference.acquisition_location,
    )


def _registry(session: Session, space_id: str, feed_id: str) -> str:
    try:
        feed = find_feed(session, space_id, feed_id)
    except NotFound:
        return ""  # whoever uses the image will say that it cannot be had
    path = (feed.registry_path or "").strip("/")
    return path or urlsplit(feed.feed_uri or "").netloc
