#!/usr/bin/env bash
# What a deployment would change. Needs to read only: provider checks without the check of write rights.
# Usage: AZURE_RESOURCE_GROUP=… NXT_COMPANY_NO=… ALERT_EMAIL=… what-if.sh <dev|prod>
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
environment=${1:?dev or prod}
# shellcheck source=infra/scripts/variables.sh
source infra/scripts/variables.sh
az deployment group what-if \
  --resource-group "${AZURE_RESOURCE_GROUP:?}" \
  --parameters "infra/$environment.bicepparam" \
  --validation-level ProviderNoRbac \
  --exclude-change-types NoChange Ignore \
  --no-prompt
