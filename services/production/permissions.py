"""Every right of production, and the roles that have it.

A guest (viewer) reads the figures of the floor. Persons are left out of what he gets; what is about persons or in their
own words, as reviews with the commands behind them, handovers and attendance, is closed to him, and so are labels,
which may name who made something, and their printers. An ERP's key reads nothing here: confirmations tell it what was
made.

An operator books no goods in or out and corrects no stock; he may hold any lot, as whoever sees something wrong has to
stop it at once, and releasing it is for others. He may say of anybody that they join or leave a crew: a machine has one
tablet for all who work there, and the entry names who made it.
"""

from typing import Annotated

from fastapi import Depends

from shared.kit.auth import READERS, STAFF, Actor, allow

CORRECT_RESULTS = allow("leader", "quality", "admin")
REOPEN_JOBS = allow("leader", "planner", "admin")
CORRECT_PAST_STOPS = allow("leader", "admin")
NOTE_ATTENDANCE_OF_OTHERS = allow("leader", "admin")
CORRECT_STOCK = allow("leader", "quality", "planner", "admin")

CanRead = Annotated[Actor, Depends(allow(*READERS))]
"""Read the figures of the floor: board, jobs, results, lots, calls and the daily report."""

CanRunJobs = Annotated[Actor, Depends(allow("operator", "leader", "planner", "admin"))]
"""Start, pause and finish jobs, send pieces out, and say who works on a job."""
CanReopenJobs = Annotated[Actor, Depends(REOPEN_JOBS)]
"""Open finished jobs again."""
CanReport = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
"""Report what was made."""
CanReverseResults = Annotated[Actor, Depends(allow("operator", "leader", "quality", "admin"))]
"""Take results back: an operator one of his own in its shift."""
CanCorrectResults = Annotated[Actor, Depends(CORRECT_RESULTS)]
"""Correct anybody's results."""
CanCorrectStops = Annotated[Actor, Depends(allow("operator", "leader", "maintenance", "admin"))]
"""Give stops another reason: after their shift a leader alone."""
CanConfirmInstructions = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
"""Confirm that one has read an instruction."""

CanMoveLots = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
"""Give lots to jobs and take that back, split and merge them."""
CanHoldLots = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
"""Hold lots."""
CanReleaseLots = Annotated[Actor, Depends(allow("leader", "quality", "admin"))]
"""Release held lots."""
CanReceiveLots = Annotated[Actor, Depends(allow("leader", "quality", "planner", "admin"))]
"""Receive lots."""
CanShipLots = Annotated[Actor, Depends(allow("leader", "quality", "planner", "admin"))]
"""Ship lots to customers."""
CanCorrectStock = Annotated[Actor, Depends(CORRECT_STOCK)]
"""Count lots, and correct receipts and shipments."""
CanPrintLabels = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
"""Print labels."""
CanReadLabels = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
"""Read labels, their templates and printers; the printers' addresses are the administrator's."""
CanSetUpLabels = Annotated[Actor, Depends(allow("admin"))]
"""Set up labels and their printers."""

CanNoteAttendance = Annotated[Actor, Depends(allow(*STAFF))]
"""Say that one comes and goes: for others a leader alone."""
CanReadLabour = Annotated[Actor, Depends(allow("leader", "planner", "admin"))]
"""Read people's attendance and working times."""
CanCallForHelp = Annotated[Actor, Depends(allow(*STAFF))]
"""Call somebody to a machine, and answer calls."""
CanReadHandovers = Annotated[Actor, Depends(allow(*STAFF))]
"""Read the notes for the next shift."""
CanWriteHandovers = Annotated[Actor, Depends(allow(*STAFF))]
"""Write notes for the next shift, and confirm that one has read them."""

CanOpenReviews = Annotated[Actor, Depends(allow(*STAFF))]
"""Hand over what could not be done, and ask what became of it."""
CanReadReviews = Annotated[Actor, Depends(allow("leader", "quality", "planner", "admin"))]
"""Read what waits for a decision, with the commands behind it."""
CanResolveReviews = Annotated[Actor, Depends(allow("leader", "quality", "admin"))]
"""Decide what becomes of it."""
CanReportUnassigned = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
"""Report pieces without an order."""
CanAssignProduction = Annotated[Actor, Depends(allow("leader", "quality", "admin"))]
"""Give pieces without an order to one."""
