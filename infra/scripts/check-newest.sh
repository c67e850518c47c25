#!/usr/bin/env bash
# Ends a run that was approved late, when a newer one has been deployed meanwhile: it would be a step back unseen. Going
# back on purpose is infra/scripts/rollback.sh.
# Usage: check-newest.sh <number of this run of the pipeline>
set -euo pipefail
shopt -s inherit_errexit
number=${1:?number of this run}
newest=$(gh run list --workflow pipeline.yml --branch main --status success --limit 1 --json number --jq '.[0].number // 0')
if ((newest > number)); then
  echo "Run $newest is deployed already; this is run $number. To go back on purpose: the workflow \"rollback\"." >&2
  exit 1
fi
