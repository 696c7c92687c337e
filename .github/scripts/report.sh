#!/usr/bin/env bash
# Writes the report of a stack to report-of-stack/: of a preview always, of a drift check only where something has drifted.
set -euo pipefail

refresh=()
if [ "$COMMAND" = drift ]; then
    refresh=(--refresh)
fi
preview="$RUNNER_TEMP/preview.json"
if ! pulumi preview --stack "$STACK" --json --show-sames --non-interactive "${refresh[@]}" >"$preview"; then
    # What went wrong is in the JSON too, where there is one.
    node .github/scripts/preview.mts diagnostics "$preview" >&2
    exit 1
fi

if [ "$COMMAND" = drift ]; then
    changes=$(node .github/scripts/preview.mts changes "$preview")
    if [ "$changes" = 0 ]; then
        echo "Nothing has drifted."
        exit 0
    fi
fi
run="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
# Three of these pages fit into a comment.
npm run --silent report -- --stack "$STACK" --file "$preview" --out report-of-stack \
    --limit 20000 --rest "[report.html of this run]($run#artifacts)"
