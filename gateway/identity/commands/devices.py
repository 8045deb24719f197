"""Devices: invited, enrolled, revoked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col

from gateway.identity.adapters.hashing import DEVICE_PREFIX, digest, new_code, new_token
from gateway.identity.domain import ENROLMENT_LIFETIME
from gateway.identity.schemas import DeviceOut, EnrolledDevice, EnrolmentIn
from gateway.identity.tables import Device, DeviceEnrolment, SignIn
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem


async def invite_device(tx: Transaction, body: EnrolmentIn) -> tuple[str, datetime]:
    """A one-time code for a device, and its end."""
    await tx.session.execute(delete(DeviceEnrolment).where(col(DeviceEnrolment.expires_at) <= tx.now))
    code = new_code()
    expires_at = tx.now + ENROLMENT_LIFETIME
    tx.session.add(
        DeviceEnrolment(
            code_hash=digest(code),
            name=body.name,
            machine=body.machine,
            created_by=tx.actor.person,
            expires_at=expires_at,
        )
    )
    tx.audit("invite", f"device/{body.name}", [("machine", None, body.machine)])
    return code, expires_at


async def enrol_device(tx: Transaction, code: str) -> EnrolledDevice:
    """Use the code up for a device; 404 when it is wrong, used or too old."""
    enrolment = await tx.session.get(DeviceEnrolment, digest(code.strip().upper()), with_for_update=True)
    if enrolment is None or enrolment.expires_at <= tx.now:
        raise Problem(404, "enrolment_invalid")
    token = new_token(DEVICE_PREFIX)
    device = Device(
        id=new_id(),
        name=enrolment.name,
        machine=enrolment.machine,
        token_hash=digest(token),
        enrolled_at=tx.now,
        enrolled_by=enrolment.created_by,
    )
    tx.session.add(device)
    await tx.session.delete(enrolment)
    tx.audit("enrol", f"device/{device.id}", [("name", None, device.name), ("machine", None, device.machine)])
    return EnrolledDevice(device_id=device.id, device_token=token, name=device.name, machine=device.machine)


async def revoke_device(tx: Transaction, device_id: UUID) -> DeviceOut:
    """Never let the device in again; its sessions end. Done once more it stays as it is."""
    device = await tx.session.get(Device, device_id, with_for_update=True)
    if device is None:
        raise Problem(404, "not_found")
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by = tx.now, tx.actor.person
        tx.audit("revoke", f"device/{device_id}")
        on_device = col(SignIn.device) == device_id
        await tx.session.execute(
            update(SignIn).where(on_device, col(SignIn.ended_at).is_(None)).values(ended_at=tx.now)
        )
    return DeviceOut.model_validate(device, from_attributes=True)
