#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# LWP::UserAgent over IO::Socket::SSL.
use strict;
use warnings;
use IO::Socket::SSL;
use JSON::PP;
use LWP::UserAgent;

sub parse {
    my (%options, @alpn);
    while (defined(my $word = shift)) {
        my $option = substr $word, 2;
        if ($option eq 'alpn') { push @alpn, shift }
        elsif ($option =~ /^(no-sni|legacy|staple)$/) { $options{$option} = 1 }
        else { $options{$option} = shift }
    }
    $options{alpn} = \@alpn if @alpn;
    return \%options;
}

# "TLSv1_2:!TLSv1_3": the versions that are left of all
sub versions {
    my %asked = map { $_ => 1 } split /,/, shift;
    my %names = ('1.0' => 'TLSv1', '1.1' => 'TLSv1_1', '1.2' => 'TLSv1_2', '1.3' => 'TLSv1_3');
    return join ':', 'SSLv23', '!SSLv3', map { "!$names{$_}" } grep { !$asked{$_} } sort keys %names;
}

sub ssl_options {
    my $options = shift;
    my %ssl = (SSL_ca_file => $options->{ca}, SSL_hostname => $options->{'no-sni'} ? '' : $options->{name},
        SSL_verifycn_name => $options->{name}, SSL_verifycn_scheme => 'http');
    $ssl{SSL_version} = versions($options->{versions}) if $options->{versions};
    my $ciphers = $options->{ciphers} || ($options->{legacy} ? 'DEFAULT' : undef);
    $ssl{SSL_cipher_list} = $options->{legacy} ? "$ciphers:\@SECLEVEL=0" : $ciphers if $ciphers;
    $ssl{SSL_ciphersuites} = $options->{ciphersuites} if $options->{ciphersuites};
    $ssl{SSL_ecdh_curve} = $options->{groups} if $options->{groups};
    $ssl{SSL_alpn_protocols} = $options->{alpn} if $options->{alpn};
    $ssl{SSL_fingerprint} = "sha256\$pub\$$options->{pin}" if $options->{pin};
    if ($options->{cert}) { @ssl{qw(SSL_use_cert SSL_cert_file SSL_key_file)} = (1, @$options{qw(cert key)}) }
    if ($options->{crl}) { @ssl{qw(SSL_check_crl SSL_crl_file)} = (1, $options->{crl}) }
    $ssl{SSL_ocsp_mode} = SSL_OCSP_MUST_STAPLE if $options->{staple};
    return %ssl;
}

# Returns output, errors, exit status.
sub run {
    my $options = parse(@_);
    my $address = $options->{connect} =~ /:/ ? "[$options->{connect}]" : $options->{connect};
    $IO::Socket::SSL::SSL_ERROR = undef;
    my $agent = LWP::UserAgent->new(keep_alive => 0, env_proxy => 0, ssl_opts => { ssl_options($options) });
    my $response = $agent->get("https://$address:$options->{port}/", Host => $options->{name});
    return ($response->protocol . ' ' . $response->status_line . "\n", '', 0) if $response->is_success;
    my $errors = $response->protocol ? $response->protocol . ' ' : '';    # none: LWP's own 500
    $errors .= $response->status_line . "\n" . $response->decoded_content . "\n";
    $errors .= "IO::Socket::SSL: $IO::Socket::SSL::SSL_ERROR\n" if $IO::Socket::SSL::SSL_ERROR;
    return ('', $errors, 1);
}

if ("@ARGV" eq '--serve') {    # one job a line, one answer a line
    $| = 1;
    while (my $line = <STDIN>) {
        my $job = decode_json($line);
        my ($output, $errors, $exit_code) = run(@{ $job->{arguments} });
        print encode_json({ id => $job->{id}, output => $output, errors => $errors, exit_code => $exit_code }), "\n";
    }
} else {
    my ($output, $errors, $exit_code) = run(@ARGV);
    print $output;
    print STDERR $errors;
    exit $exit_code;
}
