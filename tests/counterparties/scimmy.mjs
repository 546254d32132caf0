// SCIMMY's routers over plain maps, one strict SCIM 2.0 server: node scimmy.mjs PORT TOKEN
// Its packages are looked for in the working directory, see README.md.
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";
import {randomUUID} from "node:crypto";

const require = createRequire(pathToFileURL(process.cwd() + "/"));
const [express, SCIMMY, SCIMMYRouters] = ["express", "scimmy", "scimmy-routers"]
    .map((name) => require(name))
    .map((module) => module.default ?? module);
const [port, token] = process.argv.slice(2);

function store(kind, unique) {
    const items = new Map();
    SCIMMY.Resources.declare(kind)
        .ingress((resource, data) => {
            const name = data[unique].toLowerCase();
            for (const [id, one] of items) {
                if (unique === "userName" && one[unique].toLowerCase() === name && id !== resource.id) {
                    throw new SCIMMY.Types.Error(409, "uniqueness", `${name} is taken`);
                }
            }
            const known = resource.id ? items.get(resource.id) : undefined;
            if (resource.id && !known) throw new SCIMMY.Types.Error(404, null, "Not found");
            const now = new Date().toISOString();
            const id = resource.id ?? randomUUID();
            const {schemas, meta, ...values} = JSON.parse(JSON.stringify(data));
            const stored = {...values, id, meta: {created: known?.meta.created ?? now, lastModified: now}};
            items.set(id, stored);
            return structuredClone(stored);
        })
        .egress((resource) => {
            if (!resource.id) {
                const all = [...items.values()].map((one) => structuredClone(one));
                return resource.filter ? resource.filter.match(all) : all;
            }
            if (!items.has(resource.id)) throw new SCIMMY.Types.Error(404, null, "Not found");
            return structuredClone(items.get(resource.id));
        })
        .degress((resource) => {
            if (!items.delete(resource.id)) throw new SCIMMY.Types.Error(404, null, "Not found");
        });
}

SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
store(SCIMMY.Resources.User, "userName");
store(SCIMMY.Resources.Group, "displayName");

const app = express();
app.use("/scim", new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
        if (request.header("Authorization") !== `Bearer ${token}`) throw new Error("Wrong token");
        return "rollcall";
    },
}));
app.listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/scim`));
