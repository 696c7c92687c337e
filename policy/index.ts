// Pulumi compiles the pack without the types of Node, and the review uses some of Node.
/// <reference types="node" />
import { PolicyPack } from "@pulumi/policy";
import { POLICIES } from "./policies";

new PolicyPack("mesh-egress", { policies: POLICIES });
