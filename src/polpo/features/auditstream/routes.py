"""The stream over HTTP: how it goes, and a try. Its configuration is the section `audit-stream`."""

from __future__ import annotations

import msgspec

from polpo.features.auditstream.parcels import Refusal
from polpo.features.auditstream.resource import AUDIT_STREAM, AuditStreamState, AuditStreamTrial
from polpo.features.auditstream.state import shown_state
from polpo.features.auditstream.streaming import Sender, target_of
from polpo.features.configuration.service import read_section
from polpo.features.events.chain import KIND
from polpo.features.serverinfo.installation import Installation
from polpo.kernel.clock import iso
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.changes import Happening

routes = Routes("events", scope="system")

_CONFIGURE = Permission.CONFIGURE_SERVER
_TESTED = "AuditStreamTested"


@routes.get("/auditstream/state", _CONFIGURE)
def state(call: Call) -> AuditStreamState:
    """Say how far the audit stream is, and what its last error was"""
    return shown_state(call.session)


@routes.post("/auditstream/test", _CONFIGURE)
async def test(call: Call) -> AuditStreamTrial:
    """Send one event to where the audit stream goes, and tell what became of it"""
    with call.database.read() as session:
        stream = read_section(session, AUDIT_STREAM)
        target = target_of(session, stream, call.parts.get(Installation).id)
    if not target.address:
        raise Invalid("The audit stream has no address yet; set it in the section audit-stream of the configuration.")
    message = f"{call.caller.username} tries the audit stream"
    event = {"Id": f"{KIND}-0", "Occurred": iso(call.clock.now()), "Category": _TESTED, "Message": message}
    event["Username"] = call.caller.username
    try:
        remark = await call.parts.get(Sender).send(target, [msgspec.json.encode(event)])
        trial = AuditStreamTrial(is_successful=True, message=remark or f"{target.kind} took the event.")
    except Refusal as refusal:
        trial = AuditStreamTrial(is_successful=False, message=str(refusal))
    told = Happening(_TESTED, f"The audit stream was tested: {trial.message}", None, KIND)
    await call.database.write(lambda session: session.happened(told))
    return trial
