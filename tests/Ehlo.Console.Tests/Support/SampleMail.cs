using System.Threading.Tasks;

namespace Ehlo.Console.Tests.Support;

/// <summary>An afternoon's mail of an application under test, for the pictures.</summary>
public static class SampleMail
{
    private static readonly (string From, string To, string Subject, string Text)[] Messages =
    [
        ("noreply@shop.example", "mia.lorenz@example.net", "Your order 4711 is on its way", "It left our warehouse at noon."),
        ("billing@shop.example", "accounts@nordwind.example", "Invoice 2026-0815", "Due in 14 days."),
        ("noreply@shop.example", "jonas@example.org", "Reset your password", "The link is good for 30 minutes."),
        ("reports@ops.example", "team@ops.example", "Nightly report: 3 of 412 checks failed", "See the list below."),
        ("noreply@shop.example", "amélie@example.net", "Bienvenue chez nous, Amélie", "Votre compte est prêt."),
        ("support@shop.example", "bob@example.org", "Re: Where is my parcel?", "We have asked the carrier."),
        ("noreply@shop.example", "layla@example.net", "مرحبًا بك في متجرنا", "حسابك الجديد جاهز للاستخدام."),
        ("calendar@ops.example", "dana@ops.example", "Invitation: Release review, Thursday 14:00 to 15:00, in the large room",
            "Please answer."),
        ("newsletter@shop.example", "readers@example.net", "Seven lamps for long evenings", "And one for the desk."),
        ("noreply@shop.example", "mia.lorenz@example.net", "Confirm your address", "One click, and you are in."),
        ("", "returns@shop.example", "Undelivered Mail Returned to Sender", "No such user here."),
        ("noreply@shop.example", "nina@example.net", "Ваш заказ принят", "Мы сообщим об отправке."),
    ];

    public static async Task SendAsync(ServedProgram program)
    {
        for (int i = Messages.Length - 1; i >= 0; i--)
        {
            (string from, string to, string subject, string text) = Messages[i];
            await Post.SendAsync(program, subject, from, to, text);
        }
    }
}
