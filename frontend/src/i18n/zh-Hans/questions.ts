import type { questions as en } from "@/i18n/en/questions";
import type { Same } from "@/i18n/same";

export const questions: Same<typeof en> = {
  titles: {
    aesthetics: "美感",
    detail_quality: "细节质量",
    semantic_alignment: "与提示词相符",
    overall: "总体",
    implausibility: "不合理之处",
    misalignment: "与提示词不符之处",
    misaligned_words: "遗漏或画错的词",
    plausibility: "合理性",
    alignment: "与提示词相符",
    fidelity: "保真度",
    issues: "问题",
    ranking: "排序",
    best: "最佳图像",
    photorealism: "真实感",
    faithfulness: "忠实度",
  },
  help: {
    aesthetics: "看构图、光线、色彩和风格：哪一张更好看？",
    detail_quality: "面部、手、边缘、纹理等细节是否干净、精细？",
    semantic_alignment: "提示词中的事物、数量、颜色、位置是否都画对了？",
    overall: "总的来说，你会留下哪一张？",
    implausibility: "不可能出现的东西：肢体错乱、融化或涂抹的部分、怪异的物体。",
    misalignment: "图像与提示词不一致的地方。",
    misaligned_words: "提示词中被遗漏或画错的词。",
    plausibility: "这样的画面可能存在吗？5：没有任何破绽；1：大部分是坏的。",
    alignment: "画面是否呈现了提示词的内容？高分：全部呈现；低分：几乎没有。",
    fidelity: "形体是否真实，没有残缺或模糊的部分？",
    issues: "选出这张图像的所有问题。",
    ranking: "从最好到最差，可以并列。",
    best: "你会留下的那一张。",
    photorealism: "看起来像一张真实照片。",
    faithfulness: "忠实呈现了提示词。",
  },
  help_one_image: {
    aesthetics: "看构图、光线、色彩和风格：有多好看？",
    overall: "总的来说，这张图像有多好？",
  },
};
