import { createHash } from "node:crypto";
import { basename, dirname } from "node:path/posix";
import { hostObjectName, validateSecretName } from "../../plan/shared/names";
import { withoutKeys } from "../../plan/shared/shownValue";
import { fields, text } from "../../review/fields";
import { AdoptedCredential, NotCarried, PemSource } from "./adoption";
import { Layout, refKey } from "./layout";
import { Way } from "./ways";

/** The credential of a way, with what of it cannot be kept. */
export interface FoundCredential {
    credential: AdoptedCredential;
    notCarried: NotCarried[];
    /** The old secrets, as `namespace/name`. */
    secrets: string[];
}

/** The two families of keys that Istio reads, and its own order. */
const FAMILIES = [
    { certificate: "cert", privateKey: "key", ca: "cacert", crl: "crl" },
    { certificate: "tls.crt", privateKey: "tls.key", ca: "ca.crt", crl: "ca.crl" },
];
const USUAL = FAMILIES[1];

/** What the last proxy of the way shows and trusts; undefined where it shows nothing and trusts its image's CAs. */
export function credentialOf(layout: Layout, way: Way, gatewayNamespace: string): FoundCredential | undefined {
    const { tls, rule } = way;
    if (!tls || !rule) {
        return undefined;
    }
    const isMutual = tls.mode === "MUTUAL";
    const namespace = way.through?.service.namespace ?? rule.ref.namespace;
    if (tls.credentialName !== undefined) {
        const name = tls.credentialName.replace(/^(kubernetes|configmap):\/\//, "").replace(/^.*\//, "");
        const isTaken = namespace === (way.through ? gatewayNamespace : namespace);
        return fromSecret(layout, way, { namespace, name, isTaken }, isMutual);
    }
    const raw = fields(rawTls(layout, way));
    const [certificate, privateKey, ca] = [raw.clientCertificate, raw.privateKey, raw.caCertificates].map(text);
    if (ca === undefined && certificate === undefined) {
        return undefined;
    }
    const files = { certificate: pathIn(certificate), privateKey: pathIn(privateKey), ca: pathIn(ca) };
    return fromFiles(layout, way, namespace, files, isMutual);
}

function fromSecret(
    layout: Layout,
    way: Way,
    { namespace, name, isTaken }: { namespace: string; name: string; isTaken: boolean },
    isMutual: boolean,
): FoundCredential {
    const keys = layout.secrets.get(`${namespace}/${name}`) ?? [];
    const companion = `${name}-cacert`;
    const companionKeys = layout.secrets.get(`${namespace}/${companion}`);
    const family = FAMILIES.find(({ certificate }) => keys.includes(certificate)) ?? USUAL;
    const caOf = (owned: string[]) => FAMILIES.find(({ ca }) => owned.includes(ca)) ?? USUAL;
    const isConfigMap = way.tls?.credentialName?.startsWith("configmap://") ?? false;
    // The companion wins over a CA in the credential itself; a CA alone is always in one.
    const hasCompanion = companionKeys !== undefined || (!isMutual && keys.length === 0 && !isConfigMap);
    const own = hasCompanion ? caOf(companionKeys ?? []) : caOf(keys);
    const caSecret = hasCompanion ? companion : name;
    const caKeys = hasCompanion ? (companionKeys ?? []) : keys;
    const source = (secret: string, key: string): PemSource => ({ secret, namespace, key });
    return {
        credential: {
            // Where old and new are in one namespace, the name is taken until the switch is over.
            name: newName(isTaken ? `${name}-adopted` : name, way.host),
            ...workloadOf(layout, way, isMutual),
            ...(isMutual && {
                certificate: source(name, family.certificate),
                privateKey: source(name, family.privateKey),
            }),
            serverCa: source(caSecret, own.ca),
            ...(caKeys.includes(own.crl) && { crl: source(caSecret, own.crl) }),
        },
        notCarried:
            keys.length > 0 || companionKeys !== undefined || isConfigMap
                ? []
                : [
                      {
                          object: way.tls!.ref,
                          path: `${way.tls!.path}.credentialName`,
                          reason: `the secret ${namespace}/${name} is not among the objects: its keys are assumed to be ${USUAL.certificate}, ${USUAL.privateKey} and ${USUAL.ca}. Check the commands that set the configuration`,
                      },
                  ],
        secrets: isConfigMap
            ? []
            : [name, companion].map((one) => `${namespace}/${one}`).filter((one) => layout.secrets.has(one)),
    };
}

/** A path that may be told. Some write the key or the certificate itself there, which Istio does not read. */
function pathIn(file: string | undefined): string | undefined {
    return file !== undefined && withoutKeys(file) === file ? file : undefined;
}

function fromFiles(
    layout: Layout,
    way: Way,
    namespace: string,
    files: { certificate?: string; privateKey?: string; ca?: string },
    isMutual: boolean,
): FoundCredential {
    const source = (file: string | undefined): PemSource => {
        const secret = file === undefined ? undefined : secretAt(layout, namespace, dirname(file));
        return secret !== undefined ? { secret, namespace, key: basename(file!) } : { file: file ?? "(no path)" };
    };
    const found = {
        certificate: isMutual ? source(files.certificate) : undefined,
        privateKey: isMutual ? source(files.privateKey) : undefined,
        serverCa: source(files.ca),
    };
    const unknown = Object.values(found).filter((one) => one !== undefined && "file" in one);
    return {
        credential: { name: newName(undefined, way.host), ...workloadOf(layout, way, isMutual), ...found },
        notCarried: [
            {
                object: way.tls!.ref,
                path: way.tls!.path,
                reason:
                    "the files mounted into the proxy become a credential that is read over SDS, so that a new certificate needs no restart" +
                    (unknown.length > 0 ? "; which secrets they are mounted from is not among the objects" : ""),
            },
        ],
        secrets: Object.values(found).flatMap((one) =>
            one && "secret" in one ? [`${one.namespace}/${one.secret}`] : [],
        ),
    };
}

/** The secret that a proxy of the namespace has at this folder. */
function secretAt({ templates }: Layout, namespace: string, folder: string): string | undefined {
    return templates
        .filter(({ ref }) => ref.namespace === namespace)
        .flatMap(({ secretMounts }) => secretMounts)
        .find((mount) => mount.folder === folder)?.secret;
}

/** The old name where the new credential may have it. */
function newName(old: string | undefined, host: string): string {
    if (old !== undefined && validateSecretName("secretName", old).length === 0) {
        return old;
    }
    const own = hostObjectName(host);
    return own.length <= 200 ? own : createHash("sha256").update(host).digest("hex").slice(0, 40);
}

/** Whose sidecars use a credential that is not the gateway's. */
function workloadOf({ templates }: Layout, way: Way, isMutual: boolean): Pick<AdoptedCredential, "workload"> {
    if (way.through || !way.rule) {
        return {};
    }
    const { namespace } = way.rule.ref;
    const labels = Object.entries(way.rule.workloadSelector ?? {});
    const accounts = templates
        .filter(
            ({ ref, labels: own }) => ref.namespace === namespace && labels.every(([key, value]) => own[key] === value),
        )
        .map(({ serviceAccount }) => serviceAccount);
    const serviceAccounts = [...new Set(accounts.length > 0 ? accounts : ["default"])].sort();
    return { workload: { namespace, ...(isMutual && { serviceAccounts }) } };
}

/** The TLS settings as they are written. */
function rawTls(layout: Layout, { tls }: Way): unknown {
    const object = layout.raw.get(refKey(tls!.ref));
    return tls!.path
        .split(/[.[\]]+/)
        .filter((key) => key !== "")
        .reduce((value: unknown, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}
