#!/usr/bin/env bash
# Fetches the outputs of the last deployment into .local/<environment>.outputs.json, whoever deployed, and prints them.
# What was there stays when that fails.
# Usage: AZURE_RESOURCE_GROUP=… outputs.sh <dev|prod>
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
environment=${1:?dev or prod}
# shellcheck source=infra/scripts/variables.sh
source infra/scripts/variables.sh
file=.local/$environment.outputs.json
mkdir -p .local
az deployment group show \
  --resource-group "${AZURE_RESOURCE_GROUP:-rg-crmnxt-$environment}" \
  --name "crm-nxt-sync-$environment" \
  --query properties.outputs \
  --output json >"$file.new"
node -e '
  const outputs = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  for (const [name, { value }] of Object.entries(outputs)) console.log(name + ": " + [value].flat().join("\n  "));
' "$file.new"
mv "$file.new" "$file"
