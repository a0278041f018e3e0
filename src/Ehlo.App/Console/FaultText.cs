using System;
using System.Collections.Generic;
using System.Globalization;
using Ehlo.Testing;

namespace Ehlo.App.Console;

/// <summary>Rules of faults in words.</summary>
internal static class FaultText
{
    public static string Step(FaultStep step) => step switch
    {
        FaultStep.Connect => "a client connects",
        FaultStep.Hello => "a client says hello",
        FaultStep.StartTls => "a client asks for TLS",
        FaultStep.Auth => "a client logs in",
        FaultStep.Mail => "a message begins (MAIL)",
        FaultStep.Rcpt => "a recipient is named (RCPT)",
        FaultStep.Data => "the content is announced (DATA)",
        FaultStep.Message => "the content comes",
        _ => step.ToString(),
    };

    public static string When(Fault fault)
    {
        string text = $"When {Step(fault.Step)}";
        if (fault.Address is { } address) text += $", {(address.Length == 0 ? "<>" : address)}";
        return fault.Hello is { } hello ? $"{text}, from {hello}:" : $"{text}:";
    }

    public static string What(Fault fault)
    {
        List<string> parts = [];
        if (fault.Wait > TimeSpan.Zero) parts.Add($"waits {SessionText.Duration(fault.Wait)}");
        if (fault.OctetsPerSecond is { } rate) parts.Add(string.Create(CultureInfo.InvariantCulture, $"reads {rate:N0} octets a second"));
        if (fault.FailsTls) parts.Add("fails the handshake");
        if (fault.Keeps) parts.Add("keeps the message");
        if (fault.Answer is { } answer) parts.Add($"answers {answer}");
        if (fault.Disconnects)
        {
            parts.Add(fault.AfterOctets is { } octets
                ? string.Create(CultureInfo.InvariantCulture, $"drops the connection after {octets:N0} octets")
                : "drops the connection");
        }
        string text = string.Join(", ", parts);
        if (fault.Probability < 1) text += string.Create(CultureInfo.InvariantCulture, $", in {fault.Probability * 100:0.##} of 100");
        if (fault.MaxTimes is { } times) text += times == 1 ? ", once" : string.Create(CultureInfo.InvariantCulture, $", at most {times:N0} times");
        return text;
    }
}
