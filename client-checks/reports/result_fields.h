// SPDX-License-Identifier: GPL-2.0-or-later
// The keys of a result file, once for both ways: fields(io, value) names each member to a JsonWriter or to a
// JsonReader.
#pragma once

#include "client-checks/reports/result.h"

namespace alert40 {

template <class Io> void fields(Io& io, ResultCommand& command)
{
    io("argv", command.argv);
    io("environment", command.environment);
    io("input", command.input);
    io("port", command.port);
}

template <class Io> void fields(Io& io, SeenRun& seen)
{
    io.text("ends", seen.ends);
    io.text("phase", seen.phase);
    io.text("alert", seen.alert);
    io.text("alert_by", seen.alert_by);
    io.text("outcome", seen.outcome);
    io("wire", seen.wire);
    io("also", seen.also);
    io.text("ja3", seen.ja3);
    io.text("ja4", seen.ja4);
    io("symptom", seen.symptom);
    io("symptoms", seen.symptoms);
    io.text("client_says", seen.says);
    io.text("client_errors", seen.errors);
    io("exit_code", seen.exit_code);
    io("command", seen.command);
}

template <class Io> void fields(Io& io, ResultFinding& finding)
{
    io("cause", finding.cause);
    io("confidence", finding.confidence);
    io("because", finding.because);
}

template <class Io> void fields(Io& io, ResultPlace& place)
{
    io("file", place.file);
    io("line", place.line);
    io("column", place.column);
}

template <class Io> void fields(Io& io, FurtherRun& further)
{
    io("connection", further.connection);
    fields(io, further.seen);
}

template <class Io> void fields(Io& io, ResultFix& fix)
{
    io("symptom", fix.symptom);
    io("command", fix.command);
}

template <class Io> void fields(Io& io, ResultCell& cell)
{
    io("client", cell.client);
    io("verdict", cell.verdict);
    io("word", cell.word);
    io("reasons", cell.why);
    io("exceptions", cell.because);
    io("accepts", cell.accepts);
    io("ms", cell.ms);
    io.text("expected", cell.expected);
    io("expected_at", cell.expected_at);
    io.beside("exit_code", cell.seen);
    io("connection", cell.connection);
    io.list("further_connections", cell.further);
    io("findings", cell.findings);
    io("diagnosis_class", cell.first_class);
    io("diagnosis_from_client_only", cell.from_client_only);
    io.text("next_test", cell.next_test);
    io.list("proved", cell.proved);
    io.list("proof", cell.proof);
    io.maybe("fixed", cell.fix);
}

template <class Io> void fields(Io& io, ResultClient& client)
{
    io("name", client.name);
    io("title", client.title);
    io("library", client.library);
    io.text("version", client.version);
    io.text("absent", client.absent);
}

/// Without its cells, which stand in two places.
template <class Io> void fields(Io& io, ResultScenario& scenario)
{
    io("name", scenario.name);
    io("title", scenario.title);
    io("cause", scenario.cause);
    io("lesson", scenario.lesson);
    io.text("fix", scenario.fix);
    io("at", scenario.at);
    io("place", scenario.place);
}

template <class Io> void fields(Io& io, ShardOf& shard)
{
    io("index", shard.index);
    io("count", shard.count);
    io("of", shard.of);
}

template <class Io> void fields(Io& io, Asked& asked)
{
    io("scenarios", asked.scenarios);
    io("clients", asked.clients);
    io("files", asked.files);
}

template <class Io> void fields(Io& io, RunResult& result)
{
    io("complete", result.complete);
    io.text("interrupted", result.interrupted);
    io.text("started", result.started);
    io("wall_ms", result.wall);
    io.maybe("shard", result.shard);
    io("asked", result.asked);
    io("clients", result.clients);
}

} // namespace alert40
