using System.Collections.Generic;
using System.Linq;

namespace Ehlo.App.Mime;

/// <summary>Which part is the body of a message. The depth of the tree is bounded, so a walk may call itself.</summary>
internal static class BodyChoice
{
    public static StoredPart? Find(StoredPart part, string mediaType)
    {
        if (part.IsLeaf)
        {
            return part.MediaType == mediaType && part.Disposition != "attachment" ? part : null;
        }
        if (part.IsMessage)
        {
            // An attached message has a body of its own.
            return null;
        }
        return Order(part).Select(child => Find(child, mediaType)).FirstOrDefault(found => found is not null);
    }

    // RFC 2046 section 5.1.4: the last alternative is the best one. RFC 2387 section 3.2: "start" names the root, else it is the first.
    private static IEnumerable<StoredPart> Order(StoredPart multipart) => multipart.MediaType switch
    {
        "multipart/alternative" => multipart.Children.Reverse(),
        "multipart/related" when multipart.Start?.Trim('<', '>') is { } start =>
            multipart.Children.OrderBy(child => child.ContentId == start ? 0 : 1),
        _ => multipart.Children,
    };
}
