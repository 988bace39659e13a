<?php
// SPDX-License-Identifier: GPL-2.0-or-later
// file_get_contents("https://..."), as scripts call it, with a stream context.

const METHODS = ["1.0" => STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT, "1.1" => STREAM_CRYPTO_METHOD_TLSv1_1_CLIENT,
    "1.2" => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT, "1.3" => STREAM_CRYPTO_METHOD_TLSv1_3_CLIENT];

function parse(array $arguments): array
{
    $options = [];
    while (($word = array_shift($arguments)) !== null) {
        $option = substr($word, 2);
        $options[$option] = in_array($option, ["no-sni", "legacy"]) ? true : array_shift($arguments);
    }
    return $options;
}

function tls(array $options): array
{
    $tls = ["peer_name" => $options["name"], "cafile" => $options["ca"], "capath" => "/nonexistent"];
    if (isset($options["no-sni"])) $tls["SNI_enabled"] = false;
    if (isset($options["legacy"])) $tls["security_level"] = 0;
    if (isset($options["ciphers"])) $tls["ciphers"] = $options["ciphers"];
    if (isset($options["alpn"])) $tls["alpn_protocols"] = $options["alpn"];
    if (isset($options["cert"])) $tls += ["local_cert" => $options["cert"], "local_pk" => $options["key"]];
    if (isset($options["versions"])) {
        $methods = array_map(fn($version) => METHODS[$version], explode(",", $options["versions"]));
        $tls["crypto_method"] = array_reduce($methods, fn($all, $method) => $all | $method, 0);
    }
    return $tls;
}

/** Fetches the page; returns [output, errors, exit code]. */
function run(array $arguments): array
{
    $options = parse($arguments);
    $host = str_contains($options["connect"], ":") ? "[" . $options["connect"] . "]" : $options["connect"];
    $errors = "";
    set_error_handler(function (int $level, string $message) use (&$errors): bool {
        $errors .= "PHP Warning:  $message\n";
        return true;
    });
    $context = stream_context_create(["http" => ["header" => "Host: " . $options["name"]], "ssl" => tls($options)]);
    $body = file_get_contents("https://$host:" . $options["port"] . "/", false, $context);
    restore_error_handler();
    return $body === false ? ["", $errors, 1] : [$http_response_header[0] . "\n", $errors, 0];
}

if (array_slice($argv, 1) !== ["--serve"]) {
    [$output, $errors, $exit_code] = run(array_slice($argv, 1));
    fwrite(STDOUT, $output);
    fwrite(STDERR, $errors);
    exit($exit_code);
}
while (($line = fgets(STDIN)) !== false) { // one job a line, one answer a line
    $job = json_decode($line, true);
    [$output, $errors, $exit_code] = run($job["arguments"]);
    $answer = ["id" => $job["id"], "output" => $output, "errors" => $errors, "exit_code" => $exit_code];
    fwrite(STDOUT, json_encode($answer, JSON_INVALID_UTF8_SUBSTITUTE) . "\n");
}
