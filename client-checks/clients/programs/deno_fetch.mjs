// SPDX-License-Identifier: GPL-2.0-or-later
// One request with Deno's fetch. Prints the status line, or the error as Deno shows it.
//
//     deno run --allow-all deno_fetch.mjs --port N --name NAME --ca FILE [--cert FILE --key FILE] [--http1] [--resume]

const wishes = {};
for (let i = 0; i < Deno.args.length; i++) {
  const name = Deno.args[i].replace(/^--/, "");
  wishes[name] = ["http1", "resume"].includes(name) ? "yes" : Deno.args[++i];
}

try {
  const client = Deno.createHttpClient({
    caCerts: [Deno.readTextFileSync(wishes.ca)],
    poolMaxIdlePerHost: 0,
    http2: !wishes.http1,
    ...(wishes.cert && { cert: Deno.readTextFileSync(wishes.cert), key: Deno.readTextFileSync(wishes.key) }),
  });
  for (let i = 0; i < (wishes.resume ? 2 : 1); i++) {
    const response = await fetch(`https://${wishes.name}:${wishes.port}/`, { client, redirect: "manual" });
    console.log(`HTTP/1.1 ${response.status} ${response.statusText}`);
    await response.text();
  }
  client.close();
} catch (error) {
  console.error(error);
  Deno.exit(1);
}
