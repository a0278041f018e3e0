using System;
using System.Collections.Frozen;

namespace Ehlo.App.Configuration;

internal static class Mechanisms
{
    /// <summary>Mechanisms that a configuration may rightly name, but that this release does not have.</summary>
    public static FrozenSet<string> Later { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "CRAM-MD5",
        "SCRAM-SHA-1",
        "SCRAM-SHA-1-PLUS",
        "SCRAM-SHA-256",
        "SCRAM-SHA-256-PLUS",
        "SCRAM-SHA-512",
        "SCRAM-SHA-512-PLUS",
        "XOAUTH2",
        "OAUTHBEARER",
        "EXTERNAL",
        "ANONYMOUS");
}
