using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ehlo.App.Inbox;

/// <summary>The trace fields that a final delivery puts before the content. RFC 5321 section 4.4.</summary>
internal static class TraceFields
{
    /// <summary>Return-Path and Received, each line with CRLF, in UTF-8 (RFC 6532) where an address is.</summary>
    public static byte[] Format(StoredMessage message)
    {
        // Return-path-line = "Return-Path:" FWS Reverse-path <CRLF>
        byte[] returnPath = Encoding.UTF8.GetBytes($"Return-Path: <{Printable(message.From)}>\r\n");
        return [.. returnPath, .. FormatReceived(message)];
    }

    /// <summary>Received alone, for a message that goes on.</summary>
    public static byte[] FormatReceived(StoredMessage message)
    {
        StringBuilder text = new();
        // Time-stamp-line = "Received:" FWS Stamp <CRLF>
        // Stamp = From-domain By-domain Opt-info [CFWS] ";" FWS date-time
        text.Append("Received: from ").Append(HelloName(message.Hello.Name)).Append(TcpInfo(message.PeerAddress)).Append("\r\n");
        text.Append("\tby ").Append(Printable(message.ServerName)).Append(" with ").Append(message.WithProtocol);
        text.Append(" id ").Append(message.Id);
        if (message.To.Count == 1)
        {
            // With more recipients the clause would tell each of them about another, who may be a blind copy. RFC 5321 section 7.6.
            text.Append("\r\n\tfor <").Append(Printable(message.To[0])).Append('>');
        }
        text.Append(";\r\n\t").Append(Date(message.ReceivedAt)).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // TCP-info = address-literal / ( Domain FWS address-literal ), in parentheses after the name that the client gave.
    private static string TcpInfo(string peerAddress)
    {
        if (!IPAddress.TryParse(peerAddress, out IPAddress? address))
        {
            return "";
        }
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $" ([IPv6:{address}])" : $" ([{address}])";
    }

    // The client may have said anything printable; what is no domain and no address literal could end the clause or open a comment.
    private static string HelloName(string name) =>
        name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '[' or ']') ? name : "unknown";

    // Addresses come parsed, without control characters; should one come through, it must not begin a header field.
    private static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;

    // RFC 5322 section 3.3. The store keeps UTC.
    private static string Date(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
}
