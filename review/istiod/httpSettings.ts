import { Fields, fields, has, list, text } from "../fields";
import { Refuse } from "./refusal";
import { badDuration, isUnknown } from "./values";

/** Values of `retryOn` that Envoy knows. A status code is one too. */
const RETRY_ON = new Set(
    (
        "5xx gateway-error reset reset-before-request connect-failure retriable-4xx refused-stream retriable-status-codes " +
        "retriable-headers envoy-ratelimited http3-post-connect-failure " +
        "cancelled deadline-exceeded internal resource-exhausted unavailable"
    ).split(" "),
);

const SETTINGS = ["timeout", "retries", "fault", "rewrite", "headers", "redirect", "directResponse", "mirror"];

/** What a route of HTTP says beyond its conditions and destinations; most say nothing. */
export function httpSettings(path: string, route: Fields, refuse: Refuse): void {
    if (!SETTINGS.some((name) => name in route)) {
        return;
    }
    badDuration(`${path}.timeout`, route.timeout, refuse);
    retries(`${path}.retries`, fields(route.retries), refuse);
    fault(`${path}.fault`, route.fault, refuse);
    rewrite(path, route, refuse);
    conflicts(path, route, refuse);
    redirect(`${path}.redirect`, route.redirect, refuse);
    const { status } = fields(route.directResponse);
    if (has(route, "directResponse") && !isUnknown(status) && !isUnknown(route.directResponse)) {
        badStatus(`${path}.directResponse.status`, status, refuse);
    }
}

function retries(path: string, { attempts = 0, perTryTimeout, backoff, retryOn }: Fields, refuse: Refuse): void {
    badDuration(`${path}.perTryTimeout`, perTryTimeout, refuse);
    badDuration(`${path}.backoff`, backoff, refuse);
    if (attempts === 0 && ((perTryTimeout ?? undefined) !== undefined || text(retryOn) !== undefined)) {
        refuse(
            `${path}.attempts`,
            "is 0 although the retries have other settings",
            "attempts, or nothing else next to attempts: 0",
            "Set attempts, or remove the other settings",
            0,
        );
    }
    for (const reason of text(retryOn)?.split(",") ?? []) {
        if (!RETRY_ON.has(reason) && !isStatus(Number(reason))) {
            refuse(
                `${path}.retryOn`,
                "names a reason that Envoy does not know",
                `reasons with commas and no spaces between them, of ${[...RETRY_ON].join(", ")}, or a status`,
                `Correct ${JSON.stringify(reason)}`,
                text(retryOn),
            );
        }
    }
}

function fault(path: string, value: unknown, refuse: Refuse): void {
    const { abort, delay } = fields(value);
    if (typeof value === "object" && value !== null && !abort && !delay) {
        refuse(path, "is empty", "abort or delay", "Add one of them, or remove fault");
    }
    badDuration(`${path}.delay.fixedDelay`, fields(delay).fixedDelay, refuse);
    if (has(fields(abort), "httpStatus")) {
        badStatus(`${path}.abort.httpStatus`, fields(abort).httpStatus, refuse);
    }
}

function rewrite(path: string, route: Fields, refuse: Refuse): void {
    const { uri, uriRegexRewrite, authority } = fields(route.rewrite);
    const { set, add } = fields(fields(route.headers).request);
    const names = [...Object.keys(fields(set)), ...Object.keys(fields(add))];
    const hosts = names.filter((name) => [":authority", "host"].includes(name.toLowerCase()));
    if (typeof route.rewrite === "object" && route.rewrite !== null && !uri && !uriRegexRewrite && !authority) {
        refuse(
            `${path}.rewrite`,
            "is empty",
            "uri, uriRegexRewrite or authority",
            "Add one of them, or remove rewrite",
        );
    }
    if (uri && uriRegexRewrite) {
        refuse(`${path}.rewrite`, "has both uri and uriRegexRewrite", "one of the two", "Remove one of them");
    }
    if (hosts.length + Number(Boolean(authority)) > 1) {
        refuse(
            `${path}.headers.request`,
            "changes the request's host in several places",
            "rewrite.authority, or the header Host",
            "Keep one of them",
        );
    }
}

function conflicts(path: string, route: Fields, refuse: Refuse): void {
    const answer = ["redirect", "directResponse"].find((name) => has(route, name));
    ["fault", "rewrite"].forEach((name) => {
        if (answer !== undefined && !has(route, "delegate") && has(route, name)) {
            refuse(`${path}.${name}`, `cannot be set together with ${answer}`, "one of the two", `Remove ${name}`);
        }
    });
    if (has(route, "mirror") && list(route.mirrors).length > 0) {
        refuse(`${path}.mirror`, "cannot be set together with mirrors", "one of the two", "Move it into mirrors");
    }
}

function redirect(path: string, value: unknown, refuse: Refuse): void {
    const { uri, prefixRewrite, authority, port, derivePort, scheme, redirectCode } = fields(value);
    const settings = [uri, prefixRewrite, authority, port, derivePort, scheme];
    if (typeof value === "object" && value !== null && settings.every((one) => one === undefined || one === "")) {
        refuse(path, "says nothing", "uri, authority, scheme or port", "Add one of them");
    }
    if (typeof redirectCode === "number" && redirectCode !== 0 && (redirectCode < 300 || redirectCode > 399)) {
        refuse(`${path}.redirectCode`, "is not the status of a redirect", "300 to 399", "Correct it", redirectCode);
    }
    if (text(scheme) !== undefined && scheme !== "http" && scheme !== "https") {
        refuse(`${path}.scheme`, "is not a scheme", "http or https", "Correct it", scheme);
    }
}

function badStatus(path: string, value: unknown, refuse: Refuse): void {
    if (!isUnknown(value) && !(typeof value === "number" && value >= 200 && value <= 600)) {
        refuse(path, "is not a status of HTTP", "a number from 200 to 599", "Correct it", value);
    }
}

/** Whether Go's net/http has a name for it, which is what istiod asks. */
function isStatus(value: number): boolean {
    return Number.isInteger(value) && value >= 100 && value < 600;
}
