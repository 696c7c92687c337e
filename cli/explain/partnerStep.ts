import { LoggedCall } from "./accessLog";
import { MadeCall, Snapshot, Step } from "./snapshot";

const TITLE = "The partner accepts the call";

/** What an answer means, and what to do; the first that fits counts. */
interface Symptom {
    fits: (call: LoggedCall, made: MadeCall | undefined) => boolean;
    seen: string;
    fix: string;
    command?: string;
}

const failure = (pattern: RegExp) => (call: LoggedCall) => pattern.test(call.failure) || pattern.test(call.details);
const flag = (name: string) => (call: LoggedCall) => call.flags.includes(name);
const body = (pattern: RegExp) => (call: LoggedCall, made?: MadeCall) =>
    call.status === 400 && pattern.test(made?.body ?? "");

const SYMPTOMS: Symptom[] = [
    {
        fits: failure(/SAN_matcher|verify.*SAN|certificate_SANs/i),
        seen: "The server's certificate is not for the host.",
        fix: "Check the host with the partner, and the address that the route dials",
    },
    {
        fits: failure(/certificate_has_expired|certificate_is_not_yet_valid|certificate_revoked/i),
        seen: "The server's certificate is expired, not valid yet or revoked.",
        fix: "Tell the partner; if the certificate is expired by one clock only, check the clocks of the gateway's nodes",
    },
    {
        fits: failure(/CERTIFICATE_VERIFY_FAILED/i),
        seen: "The server's certificate is not from the CA of the credential.",
        fix: "Ask the partner for the CA of its servers, and set it as serverCa of the EgressCredential; if the route's DestinationRule is missing, run: pulumi up --refresh",
    },
    {
        fits: failure(/Secret_is_not_supplied_by_SDS/i),
        seen: "The gateway does not have the route's credential.",
        fix: "Deliver the route's credential to the gateway's namespace, and run: pulumi up",
    },
    {
        fits: failure(
            /delayed_connect_error|connection_timeout|connect(ion)?_(timeout|refused|error)|immediate_connect_error/i,
        ),
        seen: "The gateway cannot connect to the partner: a firewall, a wrong port or address, or no server is listening.",
        fix: "Check the route's port and address, the firewall, and whether the partner's allow list has the gateway's public addresses",
    },
    {
        fits: failure(/_ALERT_/i),
        seen: "The partner refuses the client certificate in the TLS handshake.",
        fix: "Read the reason after ALERT: renew an expired certificate, or give the partner the CA of the client certificate, the output clientCa",
    },
    {
        fits: failure(/TLS_error|WRONG_VERSION_NUMBER|HANDSHAKE/i),
        seen: "The TLS handshake with the partner fails.",
        fix: "Check that the port uses TLS, and which client certificates the partner accepts",
    },
    {
        fits: failure(/dns_resolution_failure/i),
        seen: "The gateway's DNS does not know the host below the wildcard.",
        fix: "Check the host's spelling, and whether the cluster's DNS resolves it",
    },
    {
        fits: failure(/dns_cache_overflow|dynamic_forward_proxy_pending_request_overflow/i),
        seen: "The gateway keeps as many names below the wildcard as it may, 1,024, and takes no other.",
        fix: "Call fewer names, or give those that matter routes of their own",
    },
    {
        fits: failure(/overload/i),
        seen: "The gateway is at its memory limit, and takes no more calls.",
        fix: "Give the gateway more memory in its resources, or more replicas",
    },
    {
        fits: failure(/no_healthy_upstream/i),
        seen: "The gateway has no address of the partner: its DNS does not know the host, or all addresses fail.",
        fix: "Check that the cluster's DNS resolves the host or the route's address",
    },
    {
        fits: flag("NC"),
        seen: "The route waits for its credential, for 15 seconds at most (SDS warming), or its cluster is missing.",
        fix: "Deliver the route's credential to the gateway's namespace",
    },
    {
        fits: flag("NR"),
        seen: "The gateway has no route for the host.",
        fix: "Create an EgressRoute for the host",
    },
    {
        fits: flag("UT"),
        seen: "The partner took longer than the route waits for an answer.",
        fix: "Set a longer timeoutSeconds on the route, or ask the partner why it is slow",
    },
    {
        fits: flag("UC"),
        seen: "The partner ended the connection after the handshake. With TLS 1.3, this is also how it refuses the client certificate.",
        fix: 'Find the reason as docs/operations.md says under "Why a partner ends connections"',
    },
    {
        fits: (call) =>
            call.status === 403 &&
            (call.details === "direct_response" || call.details.startsWith("rbac_access_denied")),
        seen: "The gateway knows the caller, but no route allows it; or the Host of a wildcard has a port.",
        fix: "Add its service account to the route's allowFrom, and run: pulumi up; call a wildcard's hosts without a port",
    },
    {
        fits: body(/No required SSL certificate was sent/i),
        seen: "The partner got no client certificate.",
        fix: 'Use mode "mutualTls" with a credential that has a client certificate',
    },
    {
        fits: body(/The SSL certificate error/i),
        seen: "The partner does not trust the client certificate.",
        fix: "Give the partner the CA of the client certificate: the output clientCa",
    },
    {
        fits: body(/plain HTTP request was sent to HTTPS port/i),
        seen: "Plaintext arrived although the partner expects TLS.",
        fix: "Restore the route's objects with pulumi up --refresh, and delete hand-written objects",
    },
    {
        fits: (call) => call.status === 400,
        seen: "The partner answered 400, most likely for the client certificate: it got none, or does not trust it.",
        fix: "Read the partner's answer with --call; give the partner the CA of the client certificate: the output clientCa",
    },
    {
        fits: (call) => call.status >= 500,
        seen: "The partner, or the connection to it, failed.",
        fix: "Ask the partner, with the time of the call",
    },
];

/** What became of the latest call, from the gateway's log or from the call of `--call`. */
export function partnerStep({ gateway, made, question }: Snapshot): Step {
    const call = made ? made.atGateway : gateway?.log.at(-1);
    if (made && !call) {
        return withoutGateway(made, question.isTls);
    }
    if (!call) {
        return {
            title: TITLE,
            result: "unknown",
            seen: "The gateway's log has no call to the host in the last minutes: pass --call to make one.",
        };
    }
    const symptom = SYMPTOMS.find(({ fits }) => fits(call, made));
    const said = `The ${made ? "call" : `latest call, at ${call.time},`} was answered ${call.status}${call.flags.length > 0 ? ` ${call.flags.join(",")}` : ""}${call.failure ? `, ${call.failure.slice(0, 200)}` : call.status >= 400 ? `, ${call.details.slice(0, 120)}` : ""}.`;
    return symptom
        ? {
              title: TITLE,
              result: "wrong",
              seen: `${said} ${symptom.seen}`,
              fix: symptom.fix,
              ...(symptom.command && { command: symptom.command }),
          }
        : { title: TITLE, result: "right", seen: said };
}

/** A call that no gateway has in its log. */
function withoutGateway(made: MadeCall, isTls: boolean): Step {
    const unlogged = { time: "", flags: [], details: "", failure: "", host: "", path: "", caller: "" };
    const plaintext = SYMPTOMS.find(({ fits }) => fits({ ...unlogged, status: made.status }, made));
    if (made.error.includes("curl: (6)")) {
        return {
            title: TITLE,
            result: "wrong",
            seen: "The caller cannot resolve the host's name (curl: (6)).",
            fix: "Let the caller's namespace reach the cluster's DNS on port 53; if DNS does not know the host, turn on DNS capture in sidecars",
        };
    }
    if (made.status === 0) {
        return {
            title: TITLE,
            result: "wrong",
            seen: `The call got no HTTP answer: ${made.error.slice(0, 200) || "no reason was given"}.`,
            fix: isTls
                ? 'Call http:// if the gateway originates the TLS, or set mode: "passthrough" on the route'
                : "Check the NetworkPolicies of the caller's namespace and the gateway's, and that the caller has a sidecar",
        };
    }
    if (made.status === 502 && (made.atSidecar?.details === "direct_response" || made.body === "")) {
        return {
            title: TITLE,
            result: "wrong",
            seen: "The caller's sidecar itself answered 502: it does not know the host.",
            fix: "Add the caller's namespace to the allowFrom of the host's route, and run: pulumi up",
        };
    }
    return plaintext
        ? {
              title: TITLE,
              result: "wrong",
              seen: `The call was answered ${made.status}. ${plaintext.seen}`,
              fix: plaintext.fix,
          }
        : { title: TITLE, result: "right", seen: `The call was answered ${made.status}, without the gateway.` };
}
