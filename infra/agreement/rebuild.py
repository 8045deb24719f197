"""``dure rebuild``: read models made anew of all that their publishers know, whether the services run or not."""

from collections.abc import Sequence

from infra.agreement.agree import Party, Say
from infra.agreement.log import log_of
from shared.kit.database import Transaction
from shared.kit.projection import applied_heads, begin_rebuild, rebuild
from shared.kit.republish import Republisher


async def rebuild_services(parties: Sequence[Party], names: Sequence[str], say: Say) -> None:
    """Make the read models of services anew, each in a transaction, and have the states they copy published again."""
    publishers = {party.service.publisher: party for party in parties}
    heard: set[str] = set()
    for party in parties:
        if party.service.name in names:
            heard |= party.service.listens_to
            for publisher in sorted({projection.publisher for projection in party.service.projections}):
                count = await _rebuild(party, publishers[publisher])
                say(f"{party.service.name}: made anew of {count} events of {publisher}")
    for publisher in sorted(heard):
        count = await _publish_states(publishers[publisher])
        say(f"{publisher}: {count} present states are published again")


async def _rebuild(party: Party, publisher: Party) -> int:
    projections = [each for each in party.service.projections if each.publisher == publisher.service.publisher]
    log = log_of(publisher.connection, party.database.people)

    async def work(tx: Transaction) -> int:
        await begin_rebuild(tx)
        return await rebuild(tx, publisher.stream, projections, log, await applied_heads(tx, publisher.stream))

    return await party.database.run(work)


async def _publish_states(publisher: Party) -> int:
    republisher = Republisher(publisher.database, publisher.service.republishes)
    try:
        requests = [
            await publisher.database.run(lambda tx, kind=kind: republisher.request(tx, kind))  # type: ignore[misc]
            for kind in republisher.kinds
        ]
        return sum([await republisher.finish(request) for request in requests])
    finally:
        await republisher.stop()
