#!/usr/bin/env bash
# Writes what a stack would change to preview-of-stack/: preview.json for the report, and plan.json for the update when it is asked for one.
# The policy pack in $JUDGE is main's, whatever the branch has.
set -euo pipefail

options=()
if [ "$COMMAND" != preview ]; then
    options+=(--refresh)
fi
if [ "$COMMAND" = drift ]; then
    # What somebody changed with kubectl is theirs, and the plugin fails to preview a change of it. Nothing is changed here.
    export PULUMI_K8S_ENABLE_PATCH_FORCE=true
fi
mkdir -p preview-of-stack
if [ "$COMMAND" = up ]; then
    # Secrets in a plan are encrypted as they are in the state.
    options+=(--save-plan preview-of-stack/plan.json)
fi
preview=preview-of-stack/preview.json
if ! pulumi preview --stack "$STACK" --json --show-sames --non-interactive --policy-pack "$JUDGE/policy" "${options[@]}" >"$preview"; then
    # What went wrong is in the JSON too, where there is one.
    node "$JUDGE/.github/scripts/preview.mts" diagnostics "$preview" >&2
    exit 1
fi
