import { readConfig } from "./config";
import { deployEnvironment } from "./environment";
import { stackOutputs } from "./outputs";

export = stackOutputs(deployEnvironment(readConfig()));
