import { AllowedCaller, allowsCaller } from "../../plan/shared/caller";
import { SecretState, Snapshot, Step } from "./snapshot";
import { MESH_DEFAULTS } from "../../plan/mesh/meshOptions";

/** Whether the gateway can take calls. */
export function readyStep({ gateway }: Snapshot): Step {
    const title = "The gateway is ready";
    if (!gateway) {
        return { title, result: "unknown", seen: "The call does not use a gateway." };
    }
    const ready = gateway.pods.filter(({ isReady }) => isReady);
    if (gateway.pods.length === 0 || ready.length === 0) {
        const [pod] = gateway.pods;
        return {
            title,
            result: "wrong",
            seen: pod
                ? `No pod of ${gateway.namespace}/${gateway.name} is ready: ${pod.name} is ${pod.reason ?? "not ready"}. Without its credential a gateway that starts takes 15 seconds longer.`
                : `No pod of ${gateway.namespace}/${gateway.name} runs.`,
            fix: "Read the reason, and fix it",
            command: `kubectl describe pods -n ${gateway.namespace} -l istio=${gateway.name}`,
        };
    }
    return { title, result: "right", seen: `${ready.length} of ${gateway.pods.length} pods are ready.` };
}

/** Whether the gateway has a way for the host. */
export function routeStep({ question, gateway }: Snapshot): Step {
    const title = "The gateway has the route";
    if (!gateway?.proxy) {
        return { title, result: "unknown", seen: "No gateway's configuration could be read." };
    }
    const { host, isTls } = question;
    const target = `outbound|${isTls ? 443 : 80}||${host}`;
    const routes = isTls ? undefined : gateway.proxy.routesOf(host, gateway.port);
    const hasCluster = gateway.proxy.clusterOf(target) !== undefined;
    const isRouted = isTls ? hasCluster || gateway.proxy.forwardedTo(host).length > 0 : routes !== undefined;
    if (!isRouted) {
        return {
            title,
            result: "wrong",
            seen: `The gateway has no route for ${host}, so it answers 404 (route_not_found): an object that is not part of an EgressRoute sends calls there.`,
            fix: `Create an EgressRoute for ${host}, and delete the hand-written object`,
            command: `kubectl get virtualservice -A | grep ${host}`,
        };
    }
    const [first] = routes ?? [];
    const cluster = gateway.proxy.clusterOf(first?.cluster ?? target);
    if (first?.cluster !== undefined && cluster === undefined) {
        return {
            title,
            result: "wrong",
            seen: `The gateway has the route for ${host}, but not the cluster ${first.cluster} behind it, so it answers 503 (cluster_not_found): it waits for its credential, or the ServiceEntry is not exported to ${gateway.namespace}.`,
            fix: "Deliver the route's credential to the gateway's namespace, or restore the route's objects with pulumi up --refresh",
            command: `kubectl get secrets,serviceentries -n ${gateway.namespace}`,
        };
    }
    return { title, result: "right", seen: `It sends ${host} to ${first?.cluster ?? target}.` };
}

/** Whether the gateway lets the caller on to the host. */
export function allowedStep({ question, gateway, allowed }: Snapshot): Step {
    const title = "The caller is allowed";
    const { from, host } = question;
    if (!gateway || !from || allowed === undefined) {
        return {
            title,
            result: "unknown",
            seen: from ? "The gateway does not check callers." : "No caller was given.",
        };
    }
    if (allowsCaller(allowed, from.namespace, from.serviceAccount)) {
        return {
            title,
            result: "right",
            seen: `The gateway allows ${from.namespace}/${from.serviceAccount} to call ${host}.`,
        };
    }
    return {
        title,
        result: "wrong",
        seen: `No route of the gateway allows ${from.namespace}/${from.serviceAccount} to call ${host}, so it answers 403. Allowed: ${allowed.map(describeCaller).join(", ") || "no caller"}.`,
        fix: `Add { namespace: ${JSON.stringify(from.namespace)}, serviceAccounts: [${JSON.stringify(from.serviceAccount)}] } to the route's allowFrom, and to its credentials if it has them, and run: pulumi up`,
        command: `kubectl get virtualservices,authorizationpolicies -n ${gateway.namespace} -o yaml`,
    };
}

function describeCaller({ namespace, serviceAccounts }: AllowedCaller): string {
    return serviceAccounts ? serviceAccounts.map((one) => `${namespace}/${one}`).join(", ") : `all of ${namespace}`;
}

/** Which certificate would be shown, until when, and what the server is verified against. */
export function certificateStep(snapshot: Snapshot): Step {
    const { question, gateway } = snapshot;
    const title = "The certificate and the CA exist and are valid";
    if (!gateway?.proxy || question.isTls) {
        return {
            title,
            result: "unknown",
            seen: question.isTls
                ? "The application's own TLS passes through."
                : "No gateway's configuration could be read.",
        };
    }
    const chosen = chosenCluster(snapshot);
    if (chosen === undefined) {
        return {
            title,
            result: "wrong",
            seen: `The route has a client certificate for each caller, but none for ${question.from?.namespace}/${question.from?.serviceAccount}: the gateway answers 403 "no route from this service account".`,
            fix: "Add the caller to the route's credentials, and run: pulumi up",
        };
    }
    const cluster = gateway.proxy.clusterOf(chosen);
    if (!cluster) {
        return { title, result: "unknown", seen: `The gateway has no cluster ${chosen}.` };
    }
    if (!cluster.hasTls) {
        return cluster.port === 443
            ? {
                  title,
                  result: "wrong",
                  seen: `The gateway calls port 443 in plaintext: the partner answers 400 "The plain HTTP request was sent to HTTPS port".`,
                  fix: "Restore the route's DestinationRule",
                  command: "pulumi up --refresh",
              }
            : {
                  title,
                  result: "right",
                  seen: `The gateway sends plain HTTP to port ${cluster.port}, according to the route's mode.`,
              };
    }
    if (cluster.sni !== undefined && cluster.sni !== question.host) {
        return {
            title,
            result: "wrong",
            seen: `The gateway sends the name ${cluster.sni}, not ${question.host}.`,
            fix: "Restore the route's DestinationRule",
            command: "pulumi up --refresh",
        };
    }
    return (
        credentialProblem(snapshot, cluster.certificateSecret, cluster.caSecret) ??
        rightCredential(snapshot, cluster.certificateSecret, cluster.caSecret, cluster.destinationRule)
    );
}

/** The cluster that this caller's requests are sent to: with a certificate for each caller, its own; undefined for none. */
function chosenCluster({ question, gateway }: Snapshot): string | undefined {
    const routes = gateway?.proxy?.routesOf(question.host, gateway.port) ?? [];
    const { from } = question;
    const identity =
        from && `By=x;Hash=0;URI=spiffe://${MESH_DEFAULTS.trustDomain}/ns/${from.namespace}/sa/${from.serviceAccount}`;
    const fits = routes.find(({ headers }) => {
        const pattern = headers["x-forwarded-client-cert"];
        return pattern === undefined || (identity !== undefined && matches(pattern, identity));
    });
    if (fits?.directStatus === 403) {
        return undefined;
    }
    return fits?.cluster ?? `outbound|80||${question.host}`;
}

/** Whether Envoy's regular expression fits the whole text. Envoy uses RE2, and JavaScript does not know all of its syntax. */
function matches(pattern: string, text: string): boolean {
    try {
        return new RegExp(`^(?:${pattern})$`).test(text);
    } catch {
        return false;
    }
}

function credentialProblem(
    { gateway, now }: Snapshot,
    shown: string | undefined,
    trusted: string | undefined,
): Step | undefined {
    const title = "The certificate and the CA exist and are valid";
    if (!gateway) {
        return undefined;
    }
    const base = (shown ?? trusted ?? "").replace(/-cacert$/, "");
    const secrets = gateway.secrets.filter(({ name }) => name === base || name === `${base}-cacert`);
    if ((shown !== undefined || trusted !== undefined) && secrets.length === 0) {
        return {
            title,
            result: "wrong",
            seen: `The gateway waits for the secret ${gateway.namespace}/${base}, which does not exist: it answers 503, first with cluster_not_found, after 15 seconds with Secret_is_not_supplied_by_SDS.`,
            fix: `Deliver the credential with an EgressCredential named ${JSON.stringify(base)}, or correct the route's credential, and run: pulumi up`,
            command: `kubectl get secrets -n ${gateway.namespace}`,
        };
    }
    const wrong = (seen: string, fix: string): Step => ({
        title,
        result: "wrong",
        seen,
        fix,
        command: `kubectl get secret -n ${gateway.namespace} ${base} -o yaml`,
    });
    const own = secrets.find(({ name }) => name === base);
    if (shown !== undefined && own && !own.certificate) {
        return wrong(
            `The secret ${gateway.namespace}/${base} has no client certificate under tls.crt or cert (it has ${own.keys.join(", ") || "nothing"}).`,
            "Deliver it again with an EgressCredential",
        );
    }
    if (trusted !== undefined && secrets.every(({ authorities }) => authorities.length === 0)) {
        return wrong(
            `The secret ${gateway.namespace}/${base} has no CA under ca.crt or cacert, and the system's own CAs are not used instead.`,
            "Set serverCa of the EgressCredential",
        );
    }
    const certificate = own?.certificate;
    if (shown !== undefined && certificate && certificate.notAfter <= now) {
        return wrong(
            `The client certificate ${certificate.subject} expired at ${minute(certificate.notAfter)}. Istio still delivers it, and the partner refuses it.`,
            "Renew it: pulumi up",
        );
    }
    if (shown !== undefined && certificate && certificate.notBefore > now) {
        return wrong(
            `The client certificate ${certificate.subject} is valid only from ${minute(certificate.notBefore)}.`,
            "Wait, or deliver the previous certificate",
        );
    }
    const ended = caOf(secrets).filter(({ notAfter }) => notAfter <= now);
    if (ended.length > 0 && ended.length === caOf(secrets).length) {
        return wrong(
            `Every CA for verifying the server has expired: ${ended.map(({ subject }) => subject).join("; ")}.`,
            "Set serverCa of the EgressCredential to the partner's current CA",
        );
    }
    const missing = [shown, trusted].filter((name): name is string => name !== undefined && !isSupplied(gateway, name));
    if (
        missing.length > 0 &&
        gateway.proxy &&
        gateway.proxy.secrets.warming.some((name) => missing.includes(plain(name)))
    ) {
        return wrong(
            `The secret exists, but the gateway does not have it: it still waits for ${missing.join(", ")}.`,
            "Check its type and keys, and istiod's log",
        );
    }
    return undefined;
}

/** The companion's CAs win over those in the credential itself. */
function caOf(secrets: SecretState[]) {
    const companion = secrets.find(({ name }) => name.endsWith("-cacert"));
    return (companion ?? secrets[0])?.authorities ?? [];
}

function isSupplied({ proxy }: NonNullable<Snapshot["gateway"]>, name: string): boolean {
    return proxy?.secrets.active.some((one) => plain(one) === name) ?? true;
}

function plain(name: string): string {
    return name.replace(/^kubernetes:\/\//, "");
}

function rightCredential(
    { gateway, question }: Snapshot,
    shown: string | undefined,
    trusted: string | undefined,
    rule: string | undefined,
): Step {
    const title = "The certificate and the CA exist and are valid";
    const base = (shown ?? trusted ?? "").replace(/-cacert$/, "");
    const secrets = gateway?.secrets.filter(({ name }) => name === base || name === `${base}-cacert`) ?? [];
    const certificate = secrets.find(({ name }) => name === base)?.certificate;
    const isOwnRule = rule !== undefined && !rule.endsWith(".tls-by-default");
    if (!isOwnRule && shown === undefined && trusted === undefined) {
        return {
            title,
            result: "wrong",
            seen: `No DestinationRule is for ${question.host}: by default, the gateway originates TLS without a credential, and refuses the partner's certificate with 503.`,
            fix: "Restore the route's DestinationRule",
            command: "pulumi up --refresh",
        };
    }
    return {
        title,
        result: "right",
        seen: [
            certificate
                ? `It shows ${certificate.subject}, issued by ${certificate.issuer}, until ${minute(certificate.notAfter)}.`
                : "It shows no client certificate.",
            trusted === undefined
                ? "The server is verified against the CAs of the proxy's image."
                : `The server is verified against ${caOf(secrets)
                      .map(({ subject }) => subject)
                      .join("; ")}.`,
        ].join(" "),
    };
}

function minute(moment: Date): string {
    return `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
