"""Which role may do what in production: every right once, and nowhere else."""

from typing import Annotated

from fastapi import Depends

from shared.kit.auth import EVERYBODY, Actor, allow

CORRECT_RESULTS = allow("leader", "quality", "admin")
REOPEN_JOBS = allow("leader", "planner", "admin")
CORRECT_PAST_STOPS = allow("leader", "admin")
NOTE_ATTENDANCE_OF_OTHERS = allow("leader", "admin")

CanRead = Annotated[Actor, Depends(allow(*EVERYBODY))]
# jobs and results
CanRunJobs = Annotated[Actor, Depends(allow("operator", "leader", "planner", "admin"))]
CanReopenJobs = Annotated[Actor, Depends(REOPEN_JOBS)]
CanReport = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
CanReverseResults = Annotated[Actor, Depends(allow("operator", "leader", "quality", "admin"))]
CanCorrectResults = Annotated[Actor, Depends(CORRECT_RESULTS)]
CanCorrectStops = Annotated[Actor, Depends(allow("operator", "leader", "maintenance", "admin"))]
CanConfirmInstructions = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
# lots and labels
CanMoveLots = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
CanCountLots = Annotated[Actor, Depends(allow("leader", "quality", "planner", "admin"))]
CanReleaseLots = Annotated[Actor, Depends(allow("leader", "quality", "admin"))]
CanPrintLabels = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
CanSetUpLabels = Annotated[Actor, Depends(allow("admin"))]
# people on the floor
CanNoteAttendance = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "maintenance", "admin"))]
CanReadLabour = Annotated[Actor, Depends(allow("leader", "planner", "admin"))]
CanCallForHelp = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "maintenance", "admin"))]
CanWriteHandovers = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "maintenance", "admin"))]
# what needs a leader
CanOpenReviews = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "maintenance", "admin"))]
CanResolveReviews = Annotated[Actor, Depends(allow("leader", "quality", "admin"))]
CanReportUnassigned = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "admin"))]
CanAssignProduction = Annotated[Actor, Depends(allow("leader", "quality", "admin"))]
