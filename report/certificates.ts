import { Action, Change } from "./changes";
import { at, safeText } from "./safe";

/** A certificate, key or credential that changes. */
export interface CertificateChange {
    action: Action;
    name: string;
    text: string;
}

/** The certificates that change and until when they last, as of `now`. */
export function certificateChanges(changes: Change[], now: Date): CertificateChange[] {
    return changes
        .filter(({ action }) => action !== "same")
        .flatMap((change) => {
            const text = describeCertificateChange(change, now);
            return text ? [{ action: change.action, name: change.name, text }] : [];
        });
}

function describeCertificateChange(change: Change, now: Date): string | undefined {
    switch (change.type) {
        case "tls:index/locallySignedCert:LocallySignedCert":
        case "tls:index/selfSignedCert:SelfSignedCert":
            return join(["certificate", lastsUntil(change), lasts(change, now)]);
        case "tls:index/privateKey:PrivateKey":
            return change.action === "delete"
                ? "private key"
                : change.action === "update"
                  ? undefined
                  : "new private key";
        case "kubernetes:cert-manager.io/v1:Certificate":
            return join(["certificate of cert-manager", duration(change)]);
        case "kubernetes:core/v1:Secret":
            return secret(change);
        default:
            return undefined;
    }
}

function lastsUntil({ action, before }: Change): string | undefined {
    const end = safeText(at(before?.outputs, "validityEndTime"));
    const moment = end === undefined ? NaN : Date.parse(end);
    if (action === "create" || Number.isNaN(moment)) {
        return undefined;
    }
    return `${action === "delete" ? "would have been valid" : "the current one is valid"} until ${minute(new Date(moment))}`;
}

function lasts({ action, after }: Change, now: Date): string | undefined {
    const hours = at(after?.inputs, "validityPeriodHours");
    if (typeof hours !== "number" || !Number.isFinite(hours) || (action !== "create" && action !== "replace")) {
        return undefined;
    }
    const end = new Date(now.getTime() + hours * 3_600_000);
    return Number.isNaN(end.getTime())
        ? undefined
        : `${action === "create" ? "updated now, valid" : "updated now, the new one is valid"} until about ${minute(end)}`;
}

function duration({ after }: Change): string | undefined {
    const text = safeText(at(after?.inputs, "spec", "duration"));
    return text && /^[\dhms.]+$/.test(text) ? `each is valid for ${text}` : undefined;
}

/** Its content is a secret: that it changes is all that can be said. */
function secret({ action, before, after }: Change): string | undefined {
    const inputs = after?.inputs ?? before?.inputs;
    if (at(inputs, "type") !== "kubernetes.io/tls" && !isCredential(inputs)) {
        return undefined;
    }
    const name = safeText(at(inputs, "metadata", "name"));
    const namespace = safeText(at(inputs, "metadata", "namespace"));
    const what = action === "update" ? "its content or labels change" : undefined;
    return join([`credential ${name ? `\`${name}\`` : ""}${namespace ? ` in \`${namespace}\`` : ""}`, what]);
}

/** A CA alone has the name that Istio gives it. */
function isCredential(inputs: unknown): boolean {
    return safeText(at(inputs, "metadata", "name"))?.endsWith("-cacert") ?? false;
}

function join(parts: (string | undefined)[]): string {
    return parts.filter((part) => part !== undefined).join(", ");
}

function minute(moment: Date): string {
    return `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
