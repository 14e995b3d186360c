#!/usr/bin/perl
# Hands one mail in by STOMP and prints the answer (Debian: libnet-stomp-perl).
#
# usage: submit.pl HOST PORT USER SENDER RECIPIENTS < mail
# The password stands in the variable CARAVAN_PASSWORD.
use strict;
use warnings;
use Net::Stomp;

my ($host, $port, $user, $sender, $recipients) = @ARGV;
my $answers = "caravan.reply.$user.$$";    # one of this user's own
my $mail = do { local $/; <STDIN> };

my $stomp = Net::Stomp->new({ hostname => $host, port => $port });
my $connected = $stomp->connect({ login => $user, passcode => $ENV{CARAVAN_PASSWORD} });
die $connected->body unless $connected->command eq 'CONNECTED';
$stomp->subscribe({ destination => $answers, id => 1, ack => 'auto' });
$stomp->send({
    destination  => 'caravan.submit',
    persistent   => 'true',
    sender       => $sender,
    recipients   => $recipients,
    'reply-to'   => $answers,
    body         => $mail,
});
my $answer = $stomp->receive_frame({ timeout => 30 }) or die "no answer\n";
die $answer->headers->{message}, "\n" unless $answer->command eq 'MESSAGE';
$stomp->disconnect;
print $answer->body, "\n";
exit($answer->headers->{accepted} > 0 ? 0 : 1);
