#!/usr/bin/env escript
%% -*- erlang -*-
%%! +S 1:1
%% SPDX-License-Identifier: GPL-2.0-or-later
%% Erlang's httpc on its ssl: --connect ADDRESS --port N --name NAME --ca FILE [--versions LIST] [--ciphers LIST]
%% [--groups LIST] [--schemes LIST] [--alpn LIST] [--no-sni] [--cert FILE --key FILE] [--fallback] [--resume]
-mode(compile).

main(["--serve"]) ->
    start(),
    serve();
main(Arguments) ->
    start(),
    {Output, Errors, Code} = run(Arguments),
    io:put_chars(Output),
    io:put_chars(standard_error, Errors),
    halt(Code).

start() ->
    logger:set_primary_config(level, none), % ssl logs its alerts as well
    {ok, _} = application:ensure_all_started(inets),
    {ok, _} = application:ensure_all_started(ssl),
    ok = inet_db:set_lookup([file, native]).

run(Arguments) ->
    try
        Wishes = parse(Arguments, #{"--connect" => "127.0.0.1", "--port" => "443", "--name" => ""}),
        {ok, Profile} = inets:start(httpc, [{profile, run}], stand_alone),
        unlink(Profile),
        try
            Answers = [get(Profile, Wishes) || _ <- runs(Wishes)],
            {[[Line, "\n"] || {ok, Line} <- Answers],
             [io_lib:format("~0p~n", [Reason]) || {error, Reason} <- Answers],
             case lists:keymember(error, 1, Answers) of true -> 1; false -> 0 end}
        after
            inets:stop(stand_alone, Profile)
        end
    catch
        _:Failure -> {"", io_lib:format("~0p~n", [Failure]), 1}
    end.

runs(#{"--resume" := _}) -> [first, second];
runs(_) -> [only].

parse([Flag | Rest], Wishes) when Flag =:= "--no-sni"; Flag =:= "--fallback"; Flag =:= "--resume" ->
    parse(Rest, Wishes#{Flag => true});
parse([Option, Value | Rest], Wishes) ->
    parse(Rest, Wishes#{Option => Value});
parse([], Wishes) ->
    Wishes.

get(Profile, #{"--connect" := Address, "--port" := Port, "--name" := Name} = Wishes) ->
    {ok, Ip} = inet:parse_address(Address),
    inet_db:add_host(Ip, [Name]),
    Family = case size(Ip) of 4 -> inet; 8 -> inet6 end,
    ok = httpc:set_options([{ipfamily, Family}, {max_keep_alive_length, 0}], Profile),
    Request = {"https://" ++ Name ++ ":" ++ Port ++ "/", [{"connection", "close"}]},
    Options = [{ssl, ssl_options(Wishes)}, {autoredirect, false}],
    Result = httpc:request(get, Request, Options, [], Profile),
    inet_db:del_host(Ip),
    case Result of
        {ok, {{Version, Status, Phrase}, _, _}} -> {ok, io_lib:format("~s ~B ~s", [Version, Status, Phrase])};
        {error, Reason} -> {error, Reason}
    end.

ssl_options(Wishes) ->
    [{verify, verify_peer},
     {customize_hostname_check, [{match_fun, public_key:pkix_verify_hostname_match_fun(https)}]} |
     lists:append([ssl_option(Wish, Value) || {Wish, Value} <- maps:to_list(Wishes)])] ++
        server_name(Wishes) ++ schemes(Wishes) ++ of_version(Wishes).

%% TLS 1.2 alone has them as pairs, and counts them for certificates as well.
schemes(#{"--schemes" := List, "--versions" := "tlsv1.2"}) ->
    [{signature_algs, [pair(Scheme) || Scheme <- atoms(List)]}];
schemes(#{"--schemes" := List}) ->
    Chain = [ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, rsa_pss_rsae_sha256, rsa_pkcs1_sha256, rsa_pkcs1_sha384],
    [{signature_algs, atoms(List)}, {signature_algs_cert, Chain}];
schemes(_) -> [].

pair(rsa_pkcs1_sha1) -> {sha, rsa};
pair(rsa_pkcs1_sha256) -> {sha256, rsa};
pair(rsa_pkcs1_sha384) -> {sha384, rsa};
pair(rsa_pkcs1_sha512) -> {sha512, rsa};
pair(ecdsa_sha1) -> {sha, ecdsa};
pair(ecdsa_secp256r1_sha256) -> {sha256, ecdsa};
pair(ecdsa_secp384r1_sha384) -> {sha384, ecdsa};
pair(ecdsa_secp521r1_sha512) -> {sha512, ecdsa};
pair(Scheme) -> Scheme.

server_name(#{"--no-sni" := true}) -> [{server_name_indication, disable}];
server_name(#{"--name" := Name}) ->
    case inet:parse_address(Name) of
        {ok, _} -> [];
        _ -> [{server_name_indication, Name}]
    end.

ssl_option("--ca", File) -> [{cacertfile, File}];
ssl_option("--versions", List) -> [{versions, atoms(List)}];
ssl_option("--ciphers", List) -> [{ciphers, items(List)}];
ssl_option("--alpn", List) -> [{alpn_advertised_protocols, [list_to_binary(Item) || Item <- items(List)]}];
ssl_option("--cert", File) -> [{certfile, File}];
ssl_option("--key", File) -> [{keyfile, File}];
ssl_option("--fallback", true) -> [{fallback, true}];
ssl_option(_, _) -> [].

%% Options that are refused where their version is not among those that are asked for.
of_version(Wishes) ->
    Versions = atoms(maps:get("--versions", Wishes, "tlsv1.2,tlsv1.3")),
    Groups = [{Option, atoms(List)} || {"--groups", List} <- maps:to_list(Wishes), Option <- [eccs, supported_groups]],
    Resume = maps:is_key("--resume", Wishes),
    All = Groups ++ [{reuse_sessions, Resume}, {session_tickets, case Resume of true -> auto; false -> disabled end}],
    New = [supported_groups, session_tickets],
    [Option || {Name, _} = Option <- All,
               case lists:member(Name, New) of
                   true -> lists:member('tlsv1.3', Versions);
                   false -> Versions =/= ['tlsv1.3']
               end].

items(List) -> string:tokens(List, ",").

atoms(List) -> [list_to_atom(Item) || Item <- items(List)].

%% A warm process: one JSON object a line in, one out.
serve() ->
    case io:get_line("") of
        eof -> halt(0);
        Line ->
            {match, [Id]} = re:run(Line, "\"id\":\\s*(\\d+)", [{capture, all_but_first, list}]),
            Words = "\"arguments\":\\s*\\[((?:[^\\]\"]|\"(?:[^\"\\\\]|\\\\.)*\")*)\\]",
            {match, [List]} = re:run(Line, Words, [{capture, all_but_first, list}]),
            {Output, Errors, Code} = run(strings(List)),
            io:format("{\"id\": ~s, \"output\": \"~s\", \"errors\": \"~s\", \"exit_code\": ~B}~n",
                      [Id, escape(Output), escape(Errors), Code]),
            serve()
    end.

strings(List) ->
    case re:run(List, "\"((?:[^\"\\\\]|\\\\.)*)\"", [global, {capture, all_but_first, list}]) of
        {match, Words} -> [unescape(Word) || [Word] <- Words];
        nomatch -> []
    end.

unescape([$\\, $n | Rest]) -> [$\n | unescape(Rest)];
unescape([$\\, $u, A, B, C, D | Rest]) -> [list_to_integer([A, B, C, D], 16) | unescape(Rest)];
unescape([$\\, Character | Rest]) -> [Character | unescape(Rest)];
unescape([Character | Rest]) -> [Character | unescape(Rest)];
unescape([]) -> [].

escape(Text) -> lists:flatmap(fun escape_character/1, unicode:characters_to_list(Text)).

escape_character(C) when C =:= $"; C =:= $\\ -> [$\\, C];
escape_character(C) when C < 32; C > 126 -> io_lib:format("\\u~4.16.0b", [C]);
escape_character(C) -> [C].
