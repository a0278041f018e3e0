using System.Collections.Generic;
using static Ehlo.App.Tests.Check.Faults.Fault;

namespace Ehlo.App.Tests.Check.Faults;

/// <summary>What servers say badly.</summary>
internal static class ReplyFaults
{
    public static IEnumerable<Fault> All { get; } =
    [
        Says("greets without its name", Connect, @"^220 \S+", "220 ***"),
        Says("answers EHLO without its name", "^(EHLO|LHLO|HELO) ", @"\A250([ -])\S+", "250$1_"),
        Says("lists AUTH= for old clients", "^(EHLO|LHLO) ", @"\A250-(.*)", "250-$1\n250-AUTH=PLAIN"),
        Says("answers HELO as EHLO", "^HELO ", @"\A250 (.*)", "250-$1\n250 PIPELINING\r"),
        Says("ends lines with LF", "^NOOP", "\r\n", "\n"),
        Says("says too much on a line", "^NOOP", "OK", new string('x', 600)),
        Says("rings a bell", "^RCPT TO:<>", "Bad", "\a"),
        Says("answers in Latin-1", "^RCPT TO:<>", "Bad", "Adresse erron\u00e9e"),
        Says("has a code of its own", "^RCPT TO:<>", "^503", "593"),
        Says("puts a full stop behind the code", "^NOOP", "^250 ", "250."),
        Says("mixes codes", "^NOOP", "^250 (.*)\r\n", "250-$1\r\n251 $1\r\n"),
        Says("says everything twice after RSET", "^RSET", @"(?s)\A(.*)\z", "$1$1"),
        Says("says more after a refused recipient", "^RCPT TO:<>", @"\n\z", "\n250 2.0.0 Never mind\r\n"),
        Says("talks on after QUIT", "^QUIT", @"\n\z", "\n250 2.0.0 Come back\r\n"),
        Says("has no enhanced code for MAIL", "^MAIL", @"\d\.\d\.\d ", ""),
        Says("has no enhanced code for QUIT", "^QUIT", @"\d\.\d\.\d ", ""),
        Says("has no enhanced code for what it does not know", "^XYZ", @"\d\.\d\.\d ", ""),
        Says("has one enhanced code for all that is out of order", "^RCPT", @"^503 5\.5\.1", "503 4.5.1"),
        Says("has an enhanced code for 354", "^DATA$", "^354", "354 3.0.0"),
        Says("has no enhanced code at all", "", @"(?m)^([245]\d\d[ -])\d\.\d\.\d ", "$1"),
    ];
}
