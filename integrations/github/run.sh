#!/usr/bin/env bash
# The one step of the action: fetch the program, verify its digest, run it. Needs no token and no permission beyond
# `contents: read`. Exit codes are those of `plimsoll scan`; 2 where the program could not be had.
set -euo pipefail

refuse() {
  printf '::error title=Plimsoll::%s\n' "$1"
  exit 2
}

# One argument a line; empty lines are none.
lines() {
  local line
  while IFS= read -r line; do
    [[ -z $line ]] || printf '%s\0' "$line"
  done <<<"$1"
}

: "${PLIMSOLL_ACTION_TARGET:?}" "${RUNNER_TEMP:?}" "${GITHUB_OUTPUT:?}"
[[ ${PLIMSOLL_ACTION_SHA256:-} =~ ^[0-9a-f]{64}$ ]] || refuse "The input sha256 must be the digest of the program in 64 hexadecimal digits"
[[ ${PLIMSOLL_ACTION_URL:-} == https://* || ${PLIMSOLL_ACTION_URL:-} == file:///* ]] || refuse "The input url must begin with https://"

work=$(mktemp -d "$RUNNER_TEMP/plimsoll.XXXXXX")
curl --fail --silent --show-error --location --proto '=https,file' --proto-redir '=https' --retry 3 --max-filesize 500000000 \
  --output "$work/plimsoll" "$PLIMSOLL_ACTION_URL" || refuse "The program could not be fetched from $PLIMSOLL_ACTION_URL"
printf '%s  %s\n' "$PLIMSOLL_ACTION_SHA256" "$work/plimsoll" | sha256sum --check --strict --status ||
  refuse "What lies at $PLIMSOLL_ACTION_URL has another digest than the one pinned; it was not run"
chmod 0500 "$work/plimsoll"

mapfile -d '' -t extra < <(lines "${PLIMSOLL_ACTION_ARGUMENTS:-}")
mapfile -d '' -t terms < <(lines "${PLIMSOLL_ACTION_FAIL_ON:-}")
gate=()
for term in "${terms[@]}"; do gate+=(--fail-on "$term"); done

printf 'sarif=%s\njson=%s\n' "$work/plimsoll.sarif" "$work/plimsoll.json" >>"$GITHUB_OUTPUT"
code=0
"$work/plimsoll" scan "$PLIMSOLL_ACTION_TARGET" --format "sarif=$work/plimsoll.sarif" --format "json=$work/plimsoll.json" \
  --format "markdown=$work/summary.md" --format github "${gate[@]}" "${extra[@]}" || code=$?
if [[ -s $work/summary.md && -n ${GITHUB_STEP_SUMMARY:-} ]]; then
  cat "$work/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
