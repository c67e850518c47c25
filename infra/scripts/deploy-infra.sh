#!/usr/bin/env bash
# Makes or updates everything in the resource group; the outputs go to .local/<environment>.outputs.json.
# Usage: AZURE_RESOURCE_GROUP=… NXT_COMPANY_NO=… ALERT_EMAIL=… deploy-infra.sh <dev|prod>
set -euo pipefail
cd "$(dirname "$0")/../.."
environment=${1:?dev or prod}
mkdir -p .local
infra/scripts/check-runtime.sh "${AZURE_LOCATION:-norwayeast}"
az deployment group create \
  --resource-group "${AZURE_RESOURCE_GROUP:?}" \
  --name "crm-nxt-sync-$environment" \
  --parameters "infra/$environment.bicepparam" \
  --query properties.outputs \
  --output json >".local/$environment.outputs.json"
node -e '
  const outputs = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  for (const [name, { value }] of Object.entries(outputs)) console.log(`${name}: ${[value].flat().join("\n  ")}`);
' ".local/$environment.outputs.json"
