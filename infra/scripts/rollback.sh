#!/usr/bin/env bash
# Deploys the package of an earlier run of the pipeline again, and tries it. Nothing else is changed: not the templates,
# not the settings, not the data (docs/rollback.md).
# Usage: AZURE_RESOURCE_GROUP=… rollback.sh <dev|prod> [id of the run]
#        Without an id: the last run on main that succeeded before the newest one, whether that one failed or is bad.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
environment=${1:?dev or prod}
run=${2:-}
if [[ -z $run ]]; then
  run=$(gh run list --workflow pipeline.yml --branch main --limit 30 --json databaseId,status,conclusion \
    --jq '[.[] | select(.status == "completed")][1:] | map(select(.conclusion == "success")) | .[0].databaseId // ""')
  [[ -n $run ]] || {
    echo 'There is no earlier run that succeeded: give the id of one (gh run list --workflow pipeline.yml).' >&2
    exit 1
  }
fi
gh run view "$run" --json number,headSha,createdAt,displayTitle \
  --jq '"Run \(.number) of \(.createdAt), \(.headSha[0:7]): \(.displayTitle)"'
mkdir -p .local
# gh does not write over a file that is there; and a failed download must not leave the newer package to be sent.
rm -f .local/crm-nxt-sync.zip .local/sbom.json
gh run download "$run" --name package --dir .local
infra/scripts/outputs.sh "$environment" >/dev/null
infra/scripts/deploy-app.sh "$environment"
base=$(infra/scripts/output.sh "$environment" baseUrl)
infra/scripts/smoke-test.sh "$base"
