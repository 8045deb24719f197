"""The statements of the hot path."""

LOCK_JOBS = """
WITH locked AS (SELECT * FROM job WHERE id = ANY($2::uuid[]) ORDER BY id FOR UPDATE)
SELECT asked.key, known.fingerprint, known.answer::text AS answer, locked.*,
  EXISTS (SELECT FROM job_predecessor p JOIN job s ON s.id = p.job WHERE p.predecessor = locked.id AND s.state IN ('waiting', 'blocked')) AS successors_wait,
  (SELECT coalesce(json_agg(json_build_object('op', b.op, 'good', b.good::text, 'ratio', p.ratio::text) ORDER BY b.op), '[]')::text
     FROM job_predecessor p JOIN job b ON b.id = p.predecessor WHERE p.job = locked.id) AS feeds,
  (SELECT coalesce(json_agg(json_build_object('person', c.person, 'since', c.begins) ORDER BY c.begins, c.id), '[]')::text
     FROM crew_time c WHERE c.job = locked.id AND c.ends IS NULL) AS crew
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS asked (key, job, place)
LEFT JOIN locked ON locked.id = asked.job
LEFT JOIN idempotency known ON known.key = asked.key
ORDER BY asked.place
"""
"""$1 keys, $2 jobs: one row a report, in order, with the job's row (null when unknown) and the stored answer (null when new).

Only the locked rows are as they are after the lock; the rest is as it was before the wait for it. A blocked successor may be waiting by then.
"""

FEED_SUCCESSORS = """
UPDATE job SET state = 'ready', version = version + 1
WHERE state = 'waiting' AND id IN (SELECT p.job FROM job_predecessor p WHERE p.predecessor = ANY($1::uuid[]))
  AND NOT EXISTS (SELECT FROM job_predecessor p JOIN job b ON b.id = p.predecessor
    WHERE p.job = job.id AND b.good <= 0 AND b.id <> ALL($1::uuid[]))
RETURNING *
"""
"""$1 jobs that have just given good pieces: their waiting successors, as far as all their predecessors have given something."""

STORE_REPORTS = """
WITH reports AS (
  SELECT * FROM unnest($2::uuid[], $3::bytea[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::numeric[], $9::numeric[], $10::text[], $11::numeric[],
    $12::text[], $13::text[], $14::timestamptz[], $15::date[], $16::text[], $17::text[], $18::int[], $19::bool[], $20::uuid[], $21::text[])
    AS r (key, fingerprint, answer, id, job, machine, good, scrap, scrap_by_defect, rework, person, device, at, business_date, shift, flags, rework_op, reworked, corrects, reason)
), answered AS (
  INSERT INTO idempotency (key, fingerprint, answer) SELECT key, fingerprint, answer::json FROM reports
), told AS (
  INSERT INTO outbox (id, type, aggregate, version, time, body)
  SELECT id, type, aggregate, version, $1, body::json
  FROM unnest($22::uuid[], $23::text[], $24::text[], $25::int[], $26::text[]) AS e (id, type, aggregate, version, body)
), stored AS (
  INSERT INTO result (id, job, work_order, number, op, item, machine, good, scrap, scrap_by_defect, rework, person, device, source, at, recorded_at, business_date, shift, flags,
    rework_op, reworked, corrects, reason)
  SELECT r.id, r.job, j.work_order, j.number, j.op, j.item, r.machine, r.good, r.scrap, r.scrap_by_defect::jsonb, r.rework, r.person, r.device, 'manual', r.at, $1,
    r.business_date, r.shift, string_to_array(r.flags, ','), r.rework_op, r.reworked, r.corrects, r.reason
  FROM reports r JOIN job j ON j.id = r.job
)
UPDATE job SET good = d.good, scrap = d.scrap, rework = d.rework, rework_in = d.rework_in, sent = d.sent, version = d.version,
  flags = string_to_array(d.flags, ',')
FROM unnest($27::uuid[], $28::numeric[], $29::numeric[], $30::numeric[], $31::numeric[], $32::numeric[], $33::int[], $34::text[])
  AS d (id, good, scrap, rework, rework_in, sent, version, flags)
WHERE job.id = d.id
"""
"""$1 now, then the arrays of ``Batch.arrays``: results with keys and answers, events, jobs."""
