// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/exercise_disguise.h"

#include <catch2/catch.hpp>

using namespace alert40;

TEST_CASE("files of a run lose their folders and the recipe in their names", "[lab][disguise]")
{
    CHECK(without_file_names("curl --cacert /s/runs/7/root.pem --cert /s/runs/7/client-expired-ticket-3.pem --key "
                             "'/s/runs/7/client-expired-ticket-3.key' https://t3/",
                             "ticket-3") == "curl --cacert ca.pem --cert client.pem --key 'client.key' https://t3/");
    CHECK(without_file_names("CURL_CA_BUNDLE=/x/other-root-ticket-3.pem a:/x/anchors-ticket-3.pem,/x/crls-ticket-3.pem",
                             "ticket-3") == "CURL_CA_BUNDLE=ca.pem a:ca.pem,crls.pem");
}

TEST_CASE("what is no file of the run stays", "[lab][disguise]")
{
    CHECK(without_file_names("/etc/ssl/site.pem other-ticket-31.pem ticket-3", "ticket-3") ==
          "/etc/ssl/site.pem other-ticket-31.pem ticket-3");
    CHECK(without_file_names("", "ticket-3").empty());
    CHECK(without_file_names("-ticket-3.pem", "ticket-3") == "client.pem");
}

TEST_CASE("a customer's command does not show that his clock was set", "[lab][disguise]")
{
    CHECK(customer_command("LD_PRELOAD=/usr/lib/faketime/libfaketime.so.1 FAKETIME=-365d curl https://t3/",
                           "ticket-3") == "curl https://t3/");
    CHECK(customer_command("LD_PRELOAD='/usr/lib/faketime/libfaketime.so.1 libnss_wrapper.so' ldapsearch -x",
                           "ticket-3") == "LD_PRELOAD=libnss_wrapper.so ldapsearch -x");
    CHECK(customer_command("alert40-check client --clock=-86400 --port 443", "ticket-3") ==
          "alert40-check client --port 443");
    CHECK(customer_command("go-client --clock -86400 --port 443", "ticket-3") == "go-client --port 443");
    CHECK(customer_command("proxy.py --faketime /usr/lib/libfaketime.so.1 --clock=5 'a  b --clock c'", "ticket-3") ==
          "proxy.py 'a  b --clock c'");
    CHECK(customer_command("LD_PRELOAD=/usr/lib/libnss_wrapper.so curl", "ticket-3") ==
          "LD_PRELOAD=/usr/lib/libnss_wrapper.so curl");
}
