import { validateHosts } from "../shared/host";
import { serverConfig } from "../upstream/mtlsServer";
import { Violation } from "../shared/violation";
import { parseRange, validateRange } from "../shared/addressRange";

/** Names of the secrets that the machine fetches from its key vault. */
export const VAULT_SECRETS = { server: "server", clientCa: "client-ca" };

/** Address range of the machine's own network. */
export const DEFAULT_MACHINE_RANGE = "10.250.0.0/28";

export interface MachineOptions {
    hosts: string[];
    addressRange: string;
}

export function validateMachine({ hosts, addressRange }: MachineOptions): Violation[] {
    const range = parseRange(addressRange);
    return [
        ...validateHosts("hosts", hosts),
        ...validateRange("addressRange", addressRange),
        ...(range && range.length > 29
            ? [
                  {
                      path: "addressRange",
                      value: addressRange,
                      problem: "is too small: Azure reserves 5 addresses in a subnet",
                      expected: "a prefix of at most /29",
                      fix: "Choose a larger range",
                  },
              ]
            : []),
    ];
}

/** Security rules of the server: `allowedRange` on port 443, and nothing else. */
export function serverSecurityRules(allowedRange: string) {
    const inbound = { direction: "Inbound", sourcePortRange: "*", destinationAddressPrefix: "*" };
    return [
        {
            ...inbound,
            name: "allow-egress",
            priority: 100,
            access: "Allow",
            protocol: "Tcp",
            sourceAddressPrefix: allowedRange,
            destinationPortRange: "443",
        },
        {
            ...inbound,
            name: "deny-all",
            priority: 4096,
            access: "Deny",
            protocol: "*",
            sourceAddressPrefix: "*",
            destinationPortRange: "*",
        },
    ];
}

export interface MachineFiles {
    hosts: string[];
    indexPage: string;
    /** URI of the key vault, with a trailing slash. */
    vaultUri: string;
    /** Client id of the machine's identity. */
    clientId: string;
}

const FOLDER = "/etc/nginx/mesh-egress";
const PAGES = "/var/www/mesh-egress";
const FETCH = "/usr/local/sbin/fetch-certificates";

/**
 * The machine's cloud-init: nginx, and a timer that fetches certificate and key. Everyone who may read the machine's
 * settings in Azure can read it, so it contains no secrets. It is JSON, which is also YAML.
 */
export function cloudConfig({ hosts, indexPage, vaultUri, clientId }: MachineFiles): string {
    const place = {
        port: 443,
        root: PAGES,
        certificate: `${FOLDER}/server.pem`,
        privateKey: `${FOLDER}/server.pem`,
        clientCa: `${FOLDER}/client-ca.pem`,
    };
    const file = (path: string, content: string, permissions = "0644") => ({ path, content, permissions, defer: true });
    const service = [
        "[Unit]",
        "Description=Fetch the server's certificates",
        "Wants=network-online.target",
        "After=network-online.target",
        "[Service]",
        "Type=oneshot",
        `Environment=VAULT_URI=${vaultUri} CLIENT_ID=${clientId} FOLDER=${FOLDER}`,
        `ExecStart=${FETCH}`,
    ];
    const timer = ["[Timer]", "OnActiveSec=0", "OnUnitInactiveSec=60", "[Install]", "WantedBy=timers.target"];
    const config = {
        package_update: true,
        packages: ["nginx", "curl", "jq"],
        write_files: [
            file("/etc/nginx/mesh-egress.conf", serverConfig(hosts, place, "/var/log/nginx/mtls.log")),
            file(`${PAGES}/index.html`, indexPage),
            file(FETCH, fetchScript(), "0755"),
            file("/etc/systemd/system/fetch-certificates.service", lines(service)),
            file("/etc/systemd/system/fetch-certificates.timer", lines(timer)),
        ],
        runcmd: [
            ["rm", "-f", "/etc/nginx/sites-enabled/default"],
            ["systemctl", "daemon-reload"],
            ["systemctl", "enable", "--now", "fetch-certificates.timer"],
        ],
    };
    return `#cloud-config\n${JSON.stringify(config, null, 2)}\n`;
}

/**
 * Script that fetches nginx's certificates from the key vault with the machine's identity, and reloads nginx if they
 * changed. If the vault does not answer, nothing changes. The site is enabled with the first certificate, because nginx
 * would not start without one. Another byte of it, in a comment too, replaces the machines of existing stacks.
 */
export function fetchScript(): string {
    return `#!/bin/sh
set -eu
umask 077
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
# The audience of a token for https://<name>.<suffix>/ is https://<suffix>.
audience=https://$(echo "$VAULT_URI" | sed 's#^https://[^.]*[.]##; s#/$##')
identity="http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
# By way of a file, because arguments of a command can be read by others.
{
    printf 'Authorization: Bearer '
    curl -sfG -H Metadata:true "$identity" --data-urlencode "resource=$audience" --data-urlencode "client_id=$CLIENT_ID" |
        jq -er .access_token
} > "$new/header"
fetch() {
    curl -sf -H "@$new/header" "\${VAULT_URI}secrets/$1?api-version=7.4" > "$new/answer"
    jq -er .value "$new/answer" > "$new/$1.pem"
}
fetch ${VAULT_SECRETS.server}
fetch ${VAULT_SECRETS.clientCa}
mkdir -p "$FOLDER"
changed=
for name in ${VAULT_SECRETS.server} ${VAULT_SECRETS.clientCa}; do
    if ! cmp -s "$new/$name.pem" "$FOLDER/$name.pem"; then
        mv "$new/$name.pem" "$FOLDER/$name.pem"
        changed=yes
    fi
done
if [ -n "$changed" ]; then
    ln -sf ../mesh-egress.conf "$(dirname "$FOLDER")/conf.d/mesh-egress.conf"
    nginx -t
    systemctl reload-or-restart nginx
fi
`;
}

function lines(all: string[]): string {
    return `${all.join("\n")}\n`;
}
