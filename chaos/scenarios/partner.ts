import { seen } from "../page";
import { Behaviour, FORGETFUL_SECONDS, SLOW_SECONDS } from "../partner/behaviour";
import { CLOSED_HOST, GUIDES_HOSTS, HALF_OPEN_HOST, HOSTS } from "../stage/places";
import { TIMEOUT_SECONDS } from "../stage/program";
import { pause } from "../stage/pause";
import { GUIDES_LAYOUT } from "../stage/stage";
import { Scenario } from "../scenario";

/*
 * A partner that misbehaves. Its callers get a status and a reason in time, nothing that is not idempotent reaches it twice, and
 * the calls of other hosts through the same gateway are answered.
 */

const SECONDS = 10;

const misbehaving = (name: string, what: string, host: string, expected: RegExp, within: number): Scenario => ({
    name: `partner-${name}`,
    what: `a partner ${what}`,
    promised: {
        text: `its callers get ${described(expected)} within ${within} s; 0 failed calls of other hosts; no POST comes twice`,
    },
    run: async (stage) => {
        const [one, other] = stage.callers;
        const usual = { rate: 40, keepAlive: true, host: HOSTS.api };
        const { ours, bad } = await stage.withStreams(
            [
                {
                    pod: one,
                    streams: [
                        { ...usual, name: "ours/get", method: "GET" },
                        { ...usual, name: "bad/post", method: "POST", rate: 10, host },
                    ],
                },
                {
                    pod: other,
                    streams: [
                        { ...usual, name: "ours/post-fresh", method: "POST", keepAlive: false },
                        { ...usual, name: "bad/get-fresh", method: "GET", rate: 10, keepAlive: false, host },
                    ],
                },
            ],
            () => pause(SECONDS),
        );
        const unexpected = Object.keys(bad.failures).filter((failure) => !expected.test(failure));
        const missed = [
            ...(unexpected.length > 0
                ? [`callers of ${host} got ${unexpected.join(", ")}; expected ${described(expected)}`]
                : []),
            ...(bad.calls > bad.failed
                ? [`${bad.calls - bad.failed} calls of ${host} were answered with 200; none can be`]
                : []),
            ...(bad.slowestFailure > within
                ? [`a caller of ${host} waited for ${bad.slowestFailure} s; ${within} s are promised`]
                : []),
        ];
        return {
            ours: { ...ours, doubled: ours.doubled + bad.doubled },
            findings: { [`callers of ${host}, ${bad.calls} calls`]: seen(bad), "POST that came twice": bad.doubled },
            missed,
        };
    },
});

function described(expected: RegExp): string {
    return expected.source.replace("^", "");
}

export const partnerScenarios: Scenario[] = [
    misbehaving(
        "slow",
        `answers after ${SLOW_SECONDS} s, and the route has \`timeoutSeconds: ${TIMEOUT_SECONDS}\``,
        HOSTS[Behaviour.Slow],
        /^504/,
        TIMEOUT_SECONDS + 1,
    ),
    misbehaving(
        "silent",
        `takes requests and never answers, and the route has \`timeoutSeconds: ${TIMEOUT_SECONDS}\``,
        HOSTS[Behaviour.Silent],
        /^504/,
        TIMEOUT_SECONDS + 1,
    ),
    misbehaving("refusing", "refuses connections", CLOSED_HOST, /^503/, 2),
    misbehaving(
        "half-open",
        "takes connections and says nothing, not even in the TLS handshake",
        HALF_OPEN_HOST,
        /^503/,
        10,
    ),
    misbehaving("resetting", "takes requests and resets their connections", HOSTS[Behaviour.Reset], /^503/, 2),
    misbehaving("empty", "takes requests and ends the connection without a byte", HOSTS[Behaviour.Empty], /^503/, 2),
    misbehaving("large-headers", "answers with a megabyte of headers", HOSTS[Behaviour.Headers], /^502/, 2),
    misbehaving("busy", "answers 503", HOSTS[Behaviour.Busy], /^503 busy/, 2),
];

export const partnerForgetful: Scenario = {
    name: "partner-forgetful",
    what: `a partner, or something on the way, answers with a reset what comes over a connection that was idle for ${FORGETFUL_SECONDS} s`,
    promised: { text: "0 failed calls: the gateway closes idle connections sooner" },
    run: async (stage) => {
        const hosts = { ours: HOSTS[Behaviour.Forgetful], guides: GUIDES_HOSTS[1] };
        const call = (host: string) => stage.atOnce(host, 20);
        await stage.partner.seen();
        await Promise.all(Object.values(hosts).map(call));
        await pause(FORGETFUL_SECONDS + 5);
        const [ours, guides] = await Promise.all(Object.values(hosts).map(call));
        const { doubled } = await stage.partner.seen();
        const twice = doubled.filter((url) => url.startsWith(`/${hosts.ours}?`)).length;
        return { ours: { ...ours, doubled: twice }, alternatives: { [GUIDES_LAYOUT]: guides } };
    },
};
