#!/usr/bin/env bash
# Sends .local/crm-nxt-sync.zip (npm run build, then npx node infra/package.ts) to the function app. Nothing is built in
# Azure. Rights that were just given take up to twenty minutes to be known everywhere, and the deployment endpoint is
# known for passing 503s: what may pass is tried until DEPLOY_MINUTES (25) are over, anything else ends it at once.
# Usage: AZURE_RESOURCE_GROUP=… deploy-app.sh <dev|prod>
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
environment=${1:?dev or prod}
# shellcheck source=infra/scripts/variables.sh
source infra/scripts/variables.sh
app=$(infra/scripts/output.sh "$environment" functionAppName)
passing='40[38]|429|50[0234]|[Ff]orbidden|[Uu]nauthorized|AuthorizationFailed|InaccessibleStorage|StorageAccess|Timeout|timed out|Connection (aborted|reset)|[Tt]ry again'
deadline=$((SECONDS + ${DEPLOY_MINUTES:-25} * 60))
for ((try = 1; ; try++)); do
  if said=$(az functionapp deployment source config-zip \
    --resource-group "${AZURE_RESOURCE_GROUP:?}" \
    --name "$app" \
    --src .local/crm-nxt-sync.zip \
    --build-remote false \
    --timeout 600 2>&1); then
    echo "$app has the package."
    exit 0
  fi
  printf '%s\nTry %s did not go through.\n' "$said" "$try" >&2
  if [[ ! $said =~ $passing ]]; then exit 1; fi
  if ((SECONDS >= deadline)); then
    echo "Given up after ${DEPLOY_MINUTES:-25} minutes." >&2
    exit 1
  fi
  sleep "${DEPLOY_PAUSE:-30}"
done
