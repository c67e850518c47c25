#!/usr/bin/env bash
# Does a deployment answer as it must? Sends nothing that could be stored.
# Usage: smoke-test.sh <base url> [--first]    --first: "unconfigured" is right, because no secret is in the vault yet
set -euo pipefail
shopt -s inherit_errexit
base=${1:?base url, such as https://func-….azurewebsites.net}
first=${2:-}

# The status, and the body in $body. 000 when nobody answers.
ask() {
  local file status
  file=$(mktemp)
  status=$(curl --silent --show-error --max-time 30 --output "$file" --write-out '%{http_code}' "$@" || true)
  body=$(cat "$file")
  rm -f "$file"
  echo "$status" >"$answer"
}
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# A new instance, and roles that are not known everywhere yet, take a while.
for _ in $(seq 1 "${SMOKE_TRIES:-20}"); do
  ask "$base/api/health"
  status=$(cat "$answer")
  if [[ $status == 200 || $status == 503 && $body == *unconfigured* ]]; then break; fi
  echo "health: $status, waiting"
  sleep "${SMOKE_PAUSE:-15}"
done
if [[ $status == 200 ]]; then
  echo "ok: health says 200"
elif [[ $status == 503 && $body == *unconfigured* && $first == --first ]]; then
  echo "ok: health says unconfigured, right before the secrets are in the vault"
else
  echo "FAILED: health says $status $body" >&2
  exit 1
fi

ask --request POST --header 'content-type: application/json' --data '[]' "$base/api/webhooks/crm"
status=$(cat "$answer")
if [[ $status != 401 ]]; then
  echo "FAILED: an unsigned webhook got $status, must be 401" >&2
  exit 1
fi
echo "ok: an unsigned webhook gets 401"

# A forged principal must not open what lies behind the sign-in; 404 where this version has no console.
ask --header 'x-ms-client-principal: e30=' "$base/api/ops"
status=$(cat "$answer")
if [[ ! $status =~ ^(401|302|403|404)$ ]]; then
  echo "FAILED: the console answered $status to somebody who is not signed in" >&2
  exit 1
fi
echo "ok: the console is closed to strangers ($status)"
