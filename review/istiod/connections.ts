import { Fields, fields, has } from "../fields";
import { Refuse } from "./refusal";
import { badDuration } from "./values";

export function connectionPool(path: string, value: unknown, refuse: Refuse): void {
    if (typeof value !== "object" || value === null) {
        return;
    }
    const pool = fields(value);
    const [tcp, http] = [fields(pool.tcp), fields(pool.http)];
    if (!has(pool, "tcp") && !has(pool, "http")) {
        refuse(path, "is empty", "tcp or http", "Add a setting, or remove it");
    }
    badDuration(`${path}.tcp.connectTimeout`, tcp.connectTimeout, refuse);
    badDuration(`${path}.tcp.maxConnectionDuration`, tcp.maxConnectionDuration, refuse);
    badDuration(`${path}.tcp.tcpKeepalive.time`, fields(tcp.tcpKeepalive).time, refuse);
    badDuration(`${path}.tcp.tcpKeepalive.interval`, fields(tcp.tcpKeepalive).interval, refuse);
    badDuration(`${path}.http.idleTimeout`, http.idleTimeout, refuse);
    if (http.h2UpgradePolicy === "UPGRADE" && http.useClientProtocol === true) {
        refuse(
            `${path}.http.useClientProtocol`,
            "contradicts h2UpgradePolicy UPGRADE",
            "one of the two",
            "Remove useClientProtocol, or h2UpgradePolicy",
            true,
        );
    }
}

export function outlierDetection(path: string, value: unknown, refuse: Refuse): void {
    if (typeof value !== "object" || value === null) {
        return;
    }
    const outlier = fields(value);
    badDuration(`${path}.interval`, outlier.interval, refuse);
    badDuration(`${path}.baseEjectionTime`, outlier.baseEjectionTime, refuse);
    ["maxEjectionPercent", "minHealthPercent"].forEach((key) => percent(`${path}.${key}`, outlier[key], refuse));
    if (isPositive(outlier, "consecutiveLocalOriginFailures") && isFalse(outlier, "splitExternalLocalOriginErrors")) {
        refuse(
            `${path}.consecutiveLocalOriginFailures`,
            "is set without splitExternalLocalOriginErrors",
            "both, or none of them",
            "Add splitExternalLocalOriginErrors: true",
        );
    }
}

function percent(path: string, value: unknown, refuse: Refuse): void {
    if (typeof value === "number" && (value < 0 || value > 100)) {
        refuse(path, "is not a percentage", "a number from 0 to 100", "Correct it", value);
    }
}

function isPositive(value: Fields, key: string): boolean {
    return typeof value[key] === "number" && value[key] > 0;
}

function isFalse(value: Fields, key: string): boolean {
    return !has(value, key) || value[key] === false;
}
