#!/usr/bin/env bash
# Sends .local/crm-nxt-sync.zip (npm run build, then npx node infra/package.ts) to the function app. Nothing is built in
# Azure. The deployment endpoint is known for passing 503s, so it gets three tries.
# Usage: AZURE_RESOURCE_GROUP=… deploy-app.sh <dev|prod>
set -euo pipefail
cd "$(dirname "$0")/../.."
environment=${1:?dev or prod}
app=$(infra/scripts/output.sh "$environment" functionAppName)
for try in 1 2 3; do
  if az functionapp deployment source config-zip \
    --resource-group "${AZURE_RESOURCE_GROUP:?}" \
    --name "$app" \
    --src .local/crm-nxt-sync.zip \
    --build-remote false \
    --timeout 600; then
    echo "$app has the package."
    exit 0
  fi
  echo "Try $try of 3 did not go through." >&2
  sleep $((try * 20))
done
exit 1
