using System.Collections.Generic;
using static Ehlo.App.Tests.Check.Faults.Fault;

namespace Ehlo.App.Tests.Check.Faults;

/// <summary>What servers of LMTP take from SMTP.</summary>
internal static class LmtpFaults
{
    public static IEnumerable<Fault> All { get; } =
    [
        Says("knows EHLO on LMTP", "^EHLO ", "^500.*", "250 check.example\r"),
        Says("knows HELO on LMTP", "^HELO ", "^500.*", "250 check.example\r"),
        Refuses("knows LHLO in capitals only", "^(?-i:lhlo)"),
        Takes("takes LHLO without a name", "^LHLO$"),
        Hears("takes LHLO in a transaction for NOOP", "^LHLO .*", "NOOP", after: "MAIL"),
        Hears("forgets the transaction at EHLO", "^(EHLO .*)$", "$1\nRSET", after: "LHLO.*MAIL"),
        Says("offers no PIPELINING", "^LHLO", @"250-PIPELINING\r\n", ""),
        Says("offers no ENHANCEDSTATUSCODES", "^LHLO", @"250-ENHANCEDSTATUSCODES\r\n", ""),
        Says("offers no 8BITMIME", "^LHLO", @"250-8BITMIME\r\n", ""),
        Says("has no valid recipients", "^DATA$", "^503", "554", after: @"LHLO.*MAIL[^\n]*\n$"),
        Says("has no valid recipients among those it refused", "^DATA$", "^503", "554", after: @"LHLO.*<a@\r\n$"),
        Says("answers content once", $"^{Content}$", @"\A(.*\n).*\n\z", "$1"),
        Says("answers content for those it refused", $"^{Content}$", @"\A(.*\n)\z", "$1$1", after: @"LHLO.*<a@\r\nRCPT"),
        Says("answers each chunk for each recipient", $"^{Chunk}$", @"\A(250.*\n)\z", "$1$1", after: "LHLO.*RCPT.*RCPT"),
        Says("answers the last chunk once", $"^{Chunk}$", @"\A(.*\n).*\n\z", "$1"),
        Says("takes the last chunk for nobody", "^BDAT 0 LAST", "^503 5.5.1", "250 2.0.0", after: "LHLO"),
        Says("answers content for those from before RSET", $"^{Content}$", @"\A(.*\n)\z", "$1$1", after: "LHLO.*RCPT.*RSET.*RCPT"),
    ];
}
